# Prints a sector of each of these on STATE, a FAT12 or FAT16: of its directory
# shimboot, and of files in there by the names that their entries have.
#
#   sectors.py STICK BEGINNING-OF-STATE "BOOT-1  LOG"…
import sys

stick, start = open(sys.argv[1], "rb"), int(sys.argv[2])


def read(sector):
    stick.seek((start + sector) * 512)
    return stick.read(512)


def number(data, at, size):
    return int.from_bytes(data[at:at + size], "little")


boot = read(0)
root = number(boot, 14, 2) + boot[16] * number(boot, 22, 2)
data = root + number(boot, 17, 2) * 32 // 512


def first_sector(directory, name):
    entries = read(directory)
    at = next(at for at in range(0, 512, 32) if entries[at:at + 11] == name.encode())
    return data + (number(entries, at + 26, 2) - 2) * boot[13]


shimboot = first_sector(root, "SHIMBOOT   ")
for sector in [shimboot] + [first_sector(shimboot, name) for name in sys.argv[3:]]:
    print(start + sector)
