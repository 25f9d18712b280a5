"""The second factor on screen: the code at sign-in, its page on Akun saya, a proof before the desk signs."""
