from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from enquiries import phones
from haiheng.locking import take_turns


class ContactQuerySet(models.QuerySet["Contact"]):
    def matching(self, *, email: str, phone: str) -> Self:
        """Contacts that have this mail address or telephone number, the mail address counting more; oldest first."""
        email_key, phone_key = Contact.email_key_of(email), phones.key_of(phone)
        if not email_key and not phone_key:
            return self.none()
        same = models.Q()
        if email_key:
            same |= models.Q(email_key=email_key)
        if phone_key:
            same |= models.Q(phone_key=phone_key)
        by_mail = models.Case(models.When(email_key=email_key, then=0), default=1) if email_key else models.Value(1)
        return self.filter(same, merged_into__isnull=True).order_by(by_mail, "pk")

    def recognise(self, *, name: str, email: str, phone: str, address: str = "", language: str = "") -> "Contact":
        """The contact this is, with its gaps filled; a new one if nobody has this address or number.

        To be called within the transaction that stores what the contact wrote.
        """
        keys = Contact.email_key_of(email), phones.key_of(phone)
        # Two first messages of one person at once would make two. No constraint: merged contacts keep their addresses.
        take_turns(*(f"contact {key}" for key in keys if key), using=self.db)
        known = self.matching(email=email, phone=phone).first()
        if known is None:
            country = phones.country_of(phone)
            return self.create(
                name=name, email=email, phone=phone, address=address, country=country, language=language
            )
        given = {"email": email, "phone": phone, "address": address}
        missing = {field: value for field, value in given.items() if value and not getattr(known, field)}
        if missing:
            for field, value in missing.items():
                setattr(known, field, value)
            known.save()
        return known


class Contact(models.Model):
    """A person or firm that wrote to us; recognised by mail address or telephone number."""

    name = models.CharField(pgettext_lazy("person", "name"), max_length=200)
    company = models.CharField(_("company"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    email_key = models.CharField(max_length=254, blank=True, editable=False, db_index=True)
    phone = models.CharField(_("phone"), max_length=80, blank=True)
    phone_key = models.CharField(max_length=20, blank=True, editable=False, db_index=True)
    address = models.TextField(_("address"), blank=True)
    country = CountryField(_("country"), blank=True)
    country_is_guess = models.BooleanField(_("country is a guess"), default=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_contacts"
    )
    created_at = models.DateTimeField(_("first heard of"), auto_now_add=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        permissions = [("erase_contact", _("Can erase persons"))]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name or self.email or self.phone

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email_key = self.email_key_of(self.email)
        self.phone_key = phones.key_of(self.phone)
        super().save(*args, **kwargs)

    @staticmethod
    def email_key_of(email: str) -> str:
        """Upper and lower case are one address; what stands behind a plus sign is not cut off."""
        return email.strip().casefold()[:254]
