"""Who is signed in, from where and until when: sessions as rows, so that they can be seen and ended."""
