from django.urls import path, register_converter

from haiheng.languages.converters import MonthConverter, YearConverter
from news import feeds, views

app_name = "news"

register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")

urlpatterns = [
    path("", views.article_list, name="list"),
    path("feed/", feeds.news_feed, name="feed"),
    path("tags/<str:tag>/", views.tag, name="tag"),
    path("tags/<str:tag>/feed/", feeds.tag_feed, name="tag_feed"),
    path("archive/<year:year>/<month:month>/", views.archive, name="archive"),
    path("<str:category>/", views.category, name="category"),
    path("<str:category>/feed/", feeds.category_feed, name="category_feed"),
    path("<str:category>/<str:slug>/", views.article_detail, name="article"),
]
