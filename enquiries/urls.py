from django.urls import path

from enquiries import list_views, views

app_name = "enquiries"

urlpatterns = [
    path("contact/", views.contact, name="contact"),
    path("enquiry/", list_views.product_list, name="list"),
    path("contact/thanks/<str:token>/", views.thanks, name="thanks"),
]
