package vboot

import (
	"crypto"
	"crypto/rsa"
	_ "crypto/sha1" // the hashes of the algorithm table
	_ "crypto/sha256"
	_ "crypto/sha512"
	"fmt"
	"math/big"
	"slices"

	"shimboot/tools/internal/badinput"
)

// Algorithm is vboot's number for a pair of RSA key size and hash
// (firmware/2lib/include/2crypto.h).
type Algorithm uint32

type algorithm struct {
	bits     int
	exponent int
}

// algorithms lists RSA sizes in steps of three ids: SHA-1, SHA-256, SHA-512.
func algorithms() []algorithm {
	return []algorithm{
		{1024, 65537}, {2048, 65537}, {4096, 65537}, {8192, 65537}, {2048, 3}, {3072, 3},
	}
}

func (a Algorithm) rsa() (algorithm, bool) {
	list := algorithms()
	if int(a/3) >= len(list) {
		return algorithm{}, false
	}
	return list[a/3], true
}

// Hash is the digest that signatures of this algorithm are made over.
func (a Algorithm) Hash() crypto.Hash {
	return []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA512}[a%3]
}

func (a Algorithm) String() string {
	alg, ok := a.rsa()
	if !ok {
		return fmt.Sprintf("unknown algorithm %d", uint32(a))
	}
	name := fmt.Sprintf("RSA-%d %v", alg.bits, a.Hash())
	if alg.exponent == 3 {
		name += " EXP3"
	}
	return name
}

// parseKey reads the packed key at off of d: a 32-byte header whose offset
// counts from itself, then u32 words n, u32 n0inv, the modulus and R² mod n,
// both with the least significant word first.
func parseKey(d []byte, off int) (*Key, error) {
	if len(d) < off+keySize {
		return nil, badinput.New("packed key").At(int64(off)).Got("%d bytes", max(0, len(d)-off)).Want("%d", keySize)
	}
	k := &Key{Algorithm: Algorithm(u32(d, off+16)), Version: u32(d, off+24)}
	alg, ok := k.Algorithm.rsa()
	if !ok {
		return nil, badinput.New("key algorithm").At(int64(off)+16).Got("%d", uint32(k.Algorithm)).
			Want("0 to %d", 3*len(algorithms())-1)
	}
	start, size := uint64(off)+uint64(u32(d, off)), uint64(u32(d, off+8))
	if start > uint64(len(d)) || size > uint64(len(d))-start {
		return nil, badinput.New("key data").At(int64(off)).Got("%d bytes at %d", size, start).Want("a place inside %d bytes", len(d))
	}
	if want := uint64(8 + 2*alg.bits/8); size != want {
		return nil, badinput.New("key size").At(int64(off)+8).Got("%d", size).Want("%d for %v", want, k.Algorithm)
	}
	raw := d[start : start+size]
	if words := u32(raw, 0); int(words) != alg.bits/32 {
		return nil, badinput.New("key length").At(int64(start)).Got("%d words", words).Want("%d", alg.bits/32)
	}
	modulus := slices.Clone(raw[8 : 8+alg.bits/8])
	slices.Reverse(modulus)
	k.Public = &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: alg.exponent}
	k.Raw = slices.Clone(raw)
	k.end = start + size
	return k, nil
}

// ParsePublicKey reads a .vbpubk file.
func ParsePublicKey(d []byte) (*Key, error) { return parseKey(d, 0) }
