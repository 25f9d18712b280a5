"""Limits of imported files, and the sentences why a file is refused."""

MOST_BYTES = 30 << 20
MOST_ROWS, MOST_COLUMNS = 100_000, 200
DONE, FAILED = b"+", b"-"  # first byte of the reply of the parser process
LARGE = f"Berkas ini lebih dari {MOST_BYTES >> 20} MB. Bagi menjadi beberapa berkas, misalnya satu berkas setiap tahun."
HEAVY = (
    f"Berkas ini terlalu besar untuk dibaca: paling banyak {MOST_ROWS:,} baris dan {MOST_COLUMNS} kolom. "
    "Bagi menjadi beberapa berkas, atau hapus kolom yang kosong."
).replace(",000 ", ".000 ")
EMPTY = "Berkas ini kosong: tidak ada satu baris pun di dalamnya."
LOCKED = "Berkas ini terkunci kata sandi. Simpan dahulu tanpa kata sandi, lalu pilih lagi."
BROKEN = "Berkas ini rusak atau terpotong sehingga tidak dapat dibaca. Unduh atau simpan sekali lagi, lalu pilih lagi."
CUT_OFF = "Berkas ini terpotong: ada tanda kutip yang tidak ditutup sampai akhir. Unduh sekali lagi, lalu pilih lagi."
NO_TABLE = "Berkas ini bukan tabel. Pilih berkas .xlsx, .xls, .ods, atau .csv."
NO_ROWS = "Di bawah judul kolom tidak ada satu baris pun. Pilih berkas yang berisi pengaduan."
CROWDED = "Berkas lain masih dibaca. Tunggu sebentar, lalu pilih berkas ini lagi."
HEADS_GONE = (
    "Judul kolom ini tidak ada di dalam berkas: {}. Sesuaikan susunan kolomnya dahulu; tanpa itu sebagian isi berkas "
    "tidak terbaca."
)
NO_HEAD = "Baris judul kolom tidak ditemukan: tidak ada baris yang memuat kolom {}."


class UnreadableFile(ValueError):
    """The file is refused; the message is a sentence for the user."""
