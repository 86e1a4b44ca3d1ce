"""A bucket that speaks S3, of any maker."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
from boto3.exceptions import Boto3Error
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError

from haiheng.backup.parts import BackupError
from haiheng.environment import BucketAddress

ATTEMPTS, SECONDS = 5, 60


class Bucket:
    def __init__(self, address: BucketAddress) -> None:
        self._address = address
        self._client = boto3.client(
            "s3",
            endpoint_url=address.endpoint,
            region_name=address.region or None,
            aws_access_key_id=address.key,
            aws_secret_access_key=address.secret,
            config=Config(
                retries={"max_attempts": ATTEMPTS, "mode": "standard"},
                connect_timeout=SECONDS,
                read_timeout=SECONDS,
                # The bucket's name in the path, and no checksums that only the inventor of the protocol knows.
                s3={"addressing_style": address.style},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    @property
    def name(self) -> str:
        return self._address.name

    @property
    def off_machine(self) -> bool:
        return not self._address.is_here

    def names(self) -> list[str]:
        prefix = self._key("")
        with self._told():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._address.bucket, Prefix=prefix)
            found = [entry["Key"].removeprefix(prefix) for page in pages for entry in page.get("Contents", [])]
        return [name for name in found if "/" not in name]

    def put(self, path: Path) -> None:
        """In parts if it is large; it is there as a whole or not at all."""
        with self._told():
            self._client.upload_file(str(path), self._address.bucket, self._key(path.name))
            there = self._client.head_object(Bucket=self._address.bucket, Key=self._key(path.name))
        if there["ContentLength"] != path.stat().st_size:
            raise BackupError(f"{self.name} kept only a part of the backup.")

    def fetch(self, name: str, target: Path) -> None:
        with self._told():
            self._client.download_file(self._address.bucket, self._key(name), str(target))
        target.chmod(0o600)

    def remove(self, name: str) -> None:
        with self._told():
            self._client.delete_object(Bucket=self._address.bucket, Key=self._key(name))

    def _key(self, name: str) -> str:
        return f"{self._address.prefix}{name}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError, Boto3Error) as error:
            # Uploads hide what the server said. Its code says enough: texts may repeat what was signed.
            said = error if isinstance(error, ClientError) else error.__context__
            if isinstance(said, ClientError):
                raise BackupError(f"{self.name} refuses: {said.response.get('Error', {}).get('Code', '?')}.") from None
            raise BackupError(f"{self.name} cannot be reached ({type(error).__name__}).") from None
        except OSError as error:
            raise BackupError(f"The backup cannot be fetched or sent: {error.strerror}.") from error
