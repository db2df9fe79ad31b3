// Package qmp gives commands to a running QEMU, by its machine protocol
// (docs/interop/qmp-spec of QEMU): JSON documents over a socket.
//
//	monitor, err := qmp.Dial(ctx, "qmp.sock")
//	defer monitor.Close()
//	err = monitor.Do(json.RawMessage(`{"execute": "system_reset"}`))
package qmp

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"time"
)

// Monitor is a connection that is ready for commands.
type Monitor struct {
	conn io.ReadWriteCloser
	in   *json.Decoder
}

// answer is one message of QEMU's: its greeting, the end of a command, or an
// event that happened meanwhile.
type answer struct {
	Return json.RawMessage
	Error  *struct{ Class, Desc string }
}

// Dial connects to QEMU's socket, which may not be there yet.
func Dial(ctx context.Context, socket string) (*Monitor, error) {
	var dialer net.Dialer
	for {
		conn, err := dialer.DialContext(ctx, "unix", socket)
		if err == nil {
			return New(conn)
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return nil, err
		}
	}
}

// New takes the greeting and leaves the negotiation, as the protocol wants.
func New(conn io.ReadWriteCloser) (*Monitor, error) {
	m := &Monitor{conn, json.NewDecoder(conn)}
	var greeting struct{ QMP json.RawMessage }
	if err := m.in.Decode(&greeting); err != nil {
		return nil, err
	}
	if greeting.QMP == nil {
		return nil, fmt.Errorf("no QMP greeting from QEMU")
	}
	return m, m.Do(json.RawMessage(`{"execute": "qmp_capabilities"}`))
}

// Do gives one command and waits until it is done.
func (m *Monitor) Do(command json.RawMessage) error {
	if _, err := m.conn.Write(append(command, '\n')); err != nil {
		return err
	}
	for {
		var a answer
		if err := m.in.Decode(&a); err != nil {
			return err
		}
		if a.Error != nil {
			return fmt.Errorf("QEMU: %s", a.Error.Desc)
		}
		if a.Return != nil {
			return nil
		}
	}
}

// Close ends the connection, not the machine.
func (m *Monitor) Close() error { return m.conn.Close() }
