"""Whatever writes a case: receiving, the one function that moves it, marks on its papers, due times anew."""
