from django.urls import path

from haiheng.pages import views

app_name = "pages"

urlpatterns = [path("<words:slug>/", views.page_detail, name="page")]
