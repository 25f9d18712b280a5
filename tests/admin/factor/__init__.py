"""The second factor as people meet it: at sign-in, on Akun saya, before the desk signs."""
