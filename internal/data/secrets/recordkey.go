package secrets

const recordKeyClass = "record key"

// RecordKey encrypts what belongs to one record. Only its wrapped form is
// stored; dropping that erases everything the key ever sealed, in every copy
// of it (DESIGN §4, history).
type RecordKey struct {
	class *classKey
	read  func([]byte)
}

// NewRecordKey makes a key and its wrapped form. aad says whose key it is
// (entity and id): a wrapped key does not open for another record.
func (k *Keyring) NewRecordKey(aad []byte) (wrapped []byte, key *RecordKey) {
	raw := k.NewKey()
	return k.Seal(recordKeyClass, raw[:], aad), k.recordKey(raw)
}

// UnwrapRecordKey opens a wrapped key: ErrDamaged, ErrUnknownKey.
func (k *Keyring) UnwrapRecordKey(wrapped, aad []byte) (*RecordKey, error) {
	raw, err := k.Open(recordKeyClass, wrapped, aad)
	if err != nil {
		return nil, err
	}
	if len(raw) != KeySize {
		return nil, ErrDamaged
	}
	return k.recordKey([KeySize]byte(raw)), nil
}

// RewrapRecordKey wraps a key again under the newest master key.
func (k *Keyring) RewrapRecordKey(wrapped, aad []byte) ([]byte, error) {
	raw, err := k.Open(recordKeyClass, wrapped, aad)
	if err != nil {
		return nil, err
	}
	return k.Seal(recordKeyClass, raw, aad), nil
}

func (k *Keyring) recordKey(raw [KeySize]byte) *RecordKey {
	return &RecordKey{class: newClassKey(raw), read: k.read}
}

// Seal encrypts; aad says where the value belongs.
func (r *RecordKey) Seal(plaintext, aad []byte) []byte {
	out := make([]byte, 1+nonceSize, 1+nonceSize+len(plaintext)+tagSize)
	out[0] = sealVersion
	nonce := out[1:]
	r.read(nonce)
	return r.class.seal(out, nonce, plaintext, aad)
}

// Open decrypts what Seal made, else ErrDamaged.
func (r *RecordKey) Open(sealed, aad []byte) ([]byte, error) {
	if len(sealed) < 1+nonceSize+tagSize || sealed[0] != sealVersion {
		return nil, ErrDamaged
	}
	return r.class.open(sealed[1:1+nonceSize], sealed[1+nonceSize:], aad)
}
