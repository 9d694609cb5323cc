"""Files as people upload them, and as those make them who mean harm."""

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
CSV = "Produkttyp;Anzahl\nMütze;12\n".encode()
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(200)
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
