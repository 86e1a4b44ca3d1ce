from django.urls import path

from products import views

app_name = "products"

urlpatterns = [
    path("", views.product_list, name="list"),
    path("<str:category>/", views.category, name="category"),
    path("<str:category>/<str:slug>/", views.product_detail, name="product"),
]
