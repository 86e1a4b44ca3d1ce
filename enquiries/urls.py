from django.urls import path

from enquiries import elsewhere_views, list_views, views

app_name = "enquiries"

urlpatterns = [
    path("contact/", views.contact, name="contact"),
    path("enquiry/", list_views.product_list, name="list"),
    path("enquiry/answered/", elsewhere_views.answered_elsewhere, name="elsewhere"),
    path("contact/thanks/<str:token>/", views.thanks, name="thanks"),
]
