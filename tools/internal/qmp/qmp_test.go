package qmp_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"

	"shimboot/tools/internal/qmp"
)

// qemu plays the other side: it greets, and answers line by line.
func qemu(t *testing.T, greeting string, answers ...string) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	go func() {
		defer theirs.Close()
		fmt.Fprintln(theirs, greeting)
		in := bufio.NewScanner(theirs)
		for _, answer := range answers {
			if !in.Scan() {
				return
			}
			fmt.Fprintln(theirs, answer)
		}
	}()
	return ours
}

const greeting = `{"QMP": {"version": {}, "capabilities": []}}`

func TestCommands(t *testing.T) {
	m, err := qmp.New(qemu(t, greeting, `{"return": {}}`,
		`{"event": "RESET", "data": {}} {"return": {}}`, `{"error": {"class": "GenericError", "desc": "no such device"}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.Do(json.RawMessage(`{"execute": "system_reset"}`)); err != nil {
		t.Error(err)
	}
	err = m.Do(json.RawMessage(`{"execute": "device_del"}`))
	if err == nil || !strings.Contains(err.Error(), "no such device") {
		t.Error(err)
	}
	if err := m.Do(json.RawMessage(`{"execute": "quit"}`)); err == nil {
		t.Error("no error when QEMU is gone")
	}
}

func TestNotQEMU(t *testing.T) {
	if _, err := qmp.New(qemu(t, `{"hello": 1}`)); err == nil || !strings.Contains(err.Error(), "greeting") {
		t.Error(err)
	}
}
