"""The credentials a fresh sandbox accepts. They open nothing but a sandbox on this machine."""

APP_KEY = "12345678"
APP_SECRET = "sandbox-app-secret"  # noqa: S105 (a made-up secret of a made-up platform)
SESSION = "sandbox-session-1"
SHOP_NICK = "掌柜示范店"

PINDUODUO_CLIENT_ID = "sandboxclient"
PINDUODUO_CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105
PINDUODUO_TOKEN = "sandbox-token-1"  # noqa: S105
PINDUODUO_MALL = "掌柜拼多多店"

COURIER_CUSTOMER = "SANDBOXCUSTOMER"
COURIER_KEY = "sandboxkey"
COURIER_SECRET = "sandbox-courier-secret"  # noqa: S105

SMS_KEY_ID = "sandbox-sms"
SMS_SECRET = "sandbox-sms-secret"  # noqa: S105
SMS_PUSH_KEY = "sandbox-sms-push"
SMS_SIGNATURE = "掌柜示范店"
SMS_TEMPLATE = "SMS_100001"
MAIL_SENDER = "news@shop.example"

ROBOT_TOKEN = "sandbox-robot"  # noqa: S105
ROBOT_SECRET = "SECsandbox"  # noqa: S105
