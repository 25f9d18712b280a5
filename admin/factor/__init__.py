"""The second factor on screen: the code or passkey at sign-in, its page on Akun saya, a proof before the desk signs."""
