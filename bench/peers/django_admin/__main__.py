"""Django admin with the settings of `startproject` and a connection that stays open, as its documentation advises:
`python -m bench.peers.django_admin <database> <password>` prints its port."""

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from bench.peers.serving import ACTOR, READER, arguments, serve

HERE = "bench.peers.django_admin"
APPS = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")
MIDDLEWARE = (
    "middleware.security.Security",
    "contrib.sessions.middleware.Session",
    "middleware.common.Common",
    "middleware.csrf.CsrfView",
    "contrib.auth.middleware.Authentication",
    "contrib.messages.middleware.Message",
    "middleware.clickjacking.XFrameOptions",
)
PROCESSORS = (
    "template.context_processors.request",
    *(f"contrib.{app}.context_processors.{app}" for app in APPS[1:5:3]),
)
PERMISSIONS = {READER: ["view_complaint"], ACTOR: ["view_complaint", "change_complaint"]}


def main() -> None:
    file, password = arguments()
    pragmas = {"init_command": "PRAGMA journal_mode = wal; PRAGMA cache_size = -64000"}
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "CONN_MAX_AGE": None, "OPTIONS": pragmas}
    options = {"context_processors": [f"django.{name}" for name in PROCESSORS]}
    settings.configure(
        SECRET_KEY="of a bench",
        ALLOWED_HOSTS=["127.0.0.1"],
        INSTALLED_APPS=[*(f"django.contrib.{app}" for app in APPS), HERE],
        MIDDLEWARE=[f"django.{name}Middleware" for name in MIDDLEWARE],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": options}
        ],
        DATABASES={"default": sqlite},
        ROOT_URLCONF=f"{HERE}.admin",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        LANGUAGE_CODE="id",
        TIME_ZONE="Asia/Jakarta",
        STATIC_URL="static/",
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from django.contrib.auth.models import Permission, User

    for username, names in PERMISSIONS.items():
        user = User.objects.create_user(username, password=password, is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
    serve(get_wsgi_application())


if __name__ == "__main__":
    main()
