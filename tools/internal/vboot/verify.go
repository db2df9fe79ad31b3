package vboot

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha512"
	"fmt"
	"io"

	"shimboot/tools/internal/badinput"
)

// fwPreambleSize is sizeof(struct vb2_fw_preamble).
const fwPreambleSize = 108

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
		add("keyblock signature", signer.String(), b.verifyKeyblock(signer))
	}
	add("preamble signature", key.String(), b.verifyPreamble(key))
	add("body signature", key.String(), b.verifyBody(key))
	return checks, first
}

func (b *Blob) verifyHash() error {
	s := b.Keyblock.Hash
	data, sum, err := b.covered(s, 0, b.Keyblock.Size, b.keyblockLeast())
	if err != nil {
		return err
	}
	if len(sum) != sha512.Size {
		return badinput.New("hash length").At(int64(s.Offset)).Got("%d bytes", len(sum)).Want("%d, a SHA-512", sha512.Size)
	}
	if got := sha512.Sum512(data); !bytes.Equal(got[:], sum) {
		return badinput.New("SHA-512 of the keyblock").At(int64(s.Offset)).Got("%x…", got[:8]).Want("%x…", sum[:8])
	}
	return nil
}

func (b *Blob) verifyKeyblock(k *Key) error {
	data, sig, err := b.covered(b.Keyblock.Signature, 0, b.Keyblock.Size, b.keyblockLeast())
	if err != nil {
		return err
	}
	return k.verify(bytes.NewReader(data), sig)
}

// keyblockLeast is what hash and signature of the keyblock have to cover: its
// header, and the data key that everything else is verified with
// (vb2_check_keyblock in firmware/2lib/2struct.c).
func (b *Blob) keyblockLeast() uint64 { return max(keyblockHeaderSize, b.Keyblock.DataKey.end) }

func (b *Blob) verifyPreamble(k *Key) error {
	p := &b.Preamble
	body, err := b.signatureBytes(p.BodySignature, p.Offset, p.Size)
	if err != nil {
		return fmt.Errorf("of the body: %w", err)
	}
	// vb2_verify_kernel_preamble demands the size of a firmware preamble for
	// every version, and that the body's signature is among what is signed.
	least := max(fwPreambleSize, uint64(p.headerSize()),
		p.BodySignature.Offset-uint64(p.Offset)+uint64(len(body)))
	data, sig, err := b.covered(p.Signature, p.Offset, p.Size, least)
	if err != nil {
		return err
	}
	return k.verify(bytes.NewReader(data), sig)
}

func (b *Blob) verifyBody(k *Key) error {
	sig, err := b.signatureBytes(b.Preamble.BodySignature, b.Preamble.Offset, b.Preamble.Size)
	if err != nil {
		return err
	}
	return k.verify(b.Body(), sig)
}

// covered gives the bytes that s is about and those of the signature. Both
// are inside the structure of size bytes at start, of which s has to cover at
// least the first bytes: a signature over nothing says nothing.
func (b *Blob) covered(s Signature, start, size uint32, least uint64) (data, sig []byte, err error) {
	if sig, err = b.signatureBytes(s, start, size); err != nil {
		return nil, nil, err
	}
	if uint64(s.DataSize) < least || s.DataSize > size {
		return nil, nil, badinput.New("signed length").At(int64(start)).Got("%d bytes", s.DataSize).
			Want("%d to %d", least, size)
	}
	return b.vblock[start : uint64(start)+uint64(s.DataSize)], sig, nil
}

// signatureBytes gives a signature that stands inside the structure of size
// bytes at start.
func (b *Blob) signatureBytes(s Signature, start, size uint32) ([]byte, error) {
	end := uint64(start) + uint64(size)
	if s.Offset < uint64(start) || s.Offset > end || uint64(s.Size) > end-s.Offset {
		return nil, badinput.New("signature").At(int64(s.Offset)).Got("%d bytes", s.Size).
			Want("a place inside the structure, %d to %d", start, end)
	}
	if s.Size == 0 {
		return nil, badinput.New("signature").At(int64(s.Offset)).Got("none")
	}
	return b.vblock[s.Offset : s.Offset+uint64(s.Size)], nil
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
