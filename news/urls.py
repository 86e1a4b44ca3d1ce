from django.urls import path

from news import feeds, views

app_name = "news"

urlpatterns = [
    path("", views.article_list, name="list"),
    path("feed/", feeds.news_feed, name="feed"),
    path("tags/<words:tag>/", views.tag, name="tag"),
    path("tags/<words:tag>/feed/", feeds.tag_feed, name="tag_feed"),
    path("archive/<year:year>/<month:month>/", views.archive, name="archive"),
    path("<words:category>/", views.category, name="category"),
    path("<words:category>/feed/", feeds.category_feed, name="category_feed"),
    path("<words:category>/<words:slug>/", views.article_detail, name="article"),
]
