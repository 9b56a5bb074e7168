"""Pages of coming in by WeChat, and of linking an account to it."""
