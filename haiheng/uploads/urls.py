from django.urls import path

from haiheng.uploads import views

urlpatterns = [path("<path:path>", views.media, name="media")]
