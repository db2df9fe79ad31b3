package vboot

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"io"

	"shimboot/tools/internal/badinput"
)

// Check is one thing that Verify looked at.
type Check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Note string `json:"note"` // the key or hash used, or what was wrong
}

// Verify checks the keyblock's hash and the signatures of preamble and body
// with the key in the keyblock; with signer, the vendor's key, also the
// keyblock's signature. All checks are made; the error is the first failure.
func (b *Blob) Verify(signer *Key) ([]Check, error) {
	key := &b.Keyblock.DataKey
	var checks []Check
	var first error
	add := func(name, note string, err error) {
		if err != nil {
			note = err.Error()
			if first == nil {
				first = fmt.Errorf("%s: %w", name, err)
			}
		}
		checks = append(checks, Check{name, err == nil, note})
	}
	add("keyblock hash", "SHA-512", b.verifyHash())
	if signer != nil {
		add("keyblock signature", signer.String(), b.verifyVblock(signer, b.Keyblock.Signature, 0, b.Keyblock.Size))
	}
	add("preamble signature", key.String(),
		b.verifyVblock(key, b.Preamble.Signature, b.Preamble.Offset, b.Preamble.Size))
	add("body signature", key.String(), b.verifyBody(key))
	return checks, first
}

// SHA1 names a key as vboot's tools do.
func (k *Key) SHA1() string {
	sum := sha1.Sum(k.Raw)
	return hex.EncodeToString(sum[:])
}

func (k *Key) String() string { return fmt.Sprintf("%v, key %s", k.Algorithm, k.SHA1()) }

func (b *Blob) verifyHash() error {
	s := b.Keyblock.Hash
	data, sum, err := b.covered(s, 0, b.Keyblock.Size)
	if err != nil {
		return err
	}
	got := sha512.Sum512(data)
	if !bytes.Equal(got[:], sum) {
		return badinput.New("SHA-512 of the keyblock").At(int64(s.Offset)).Got("%x", got[:8]).Want("%x…", sum[:min(8, len(sum))])
	}
	return nil
}

func (b *Blob) verifyVblock(k *Key, s Signature, start, size uint32) error {
	data, sig, err := b.covered(s, start, size)
	if err != nil {
		return err
	}
	return k.verify(bytes.NewReader(data), sig)
}

func (b *Blob) verifyBody(k *Key) error {
	s := b.Preamble.BodySignature
	_, sig, err := b.covered(Signature{s.Offset, s.Size, 0}, b.Preamble.Offset, b.Preamble.Size)
	if err != nil {
		return err
	}
	return k.verify(b.Body(), sig)
}

// covered gives the bytes that s is about and those of the signature, both
// inside the structure of size bytes at start.
func (b *Blob) covered(s Signature, start, size uint32) (data, sig []byte, err error) {
	end := uint64(start) + uint64(size)
	if s.Offset < uint64(start) || s.Offset > end || uint64(s.Size) > end-s.Offset {
		return nil, nil, badinput.New("signature").At(int64(s.Offset)).Got("%d bytes", s.Size).
			Want("a place inside the structure, %d to %d", start, end)
	}
	if s.Size == 0 {
		return nil, nil, badinput.New("signature").At(int64(s.Offset)).Got("none")
	}
	if s.DataSize > size {
		return nil, nil, badinput.New("signed length").Got("%d bytes", s.DataSize).Want("at most %d", size)
	}
	return b.vblock[start : uint64(start)+uint64(s.DataSize)], b.vblock[s.Offset : s.Offset+uint64(s.Size)], nil
}

func (k *Key) verify(r io.Reader, sig []byte) error {
	h := k.Algorithm.Hash().New()
	if _, err := io.Copy(h, r); err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	if len(sig) != k.Public.Size() {
		return badinput.New("signature length").Got("%d bytes", len(sig)).Want("%d for %v", k.Public.Size(), k.Algorithm)
	}
	if err := rsa.VerifyPKCS1v15(k.Public, crypto.Hash(k.Algorithm.Hash()), h.Sum(nil), sig); err != nil {
		return badinput.New("RSA signature").Got("one that does not match").Want("the owner of key %s to have signed these bytes", k.SHA1())
	}
	return nil
}
