from django.urls import path

from products import views

app_name = "products"

urlpatterns = [
    path("", views.product_list, name="list"),
    path("compare/", views.compare, name="compare"),
    path("<words:category>/", views.category, name="category"),
    path("<words:category>/<words:slug>/", views.product_detail, name="product"),
]
