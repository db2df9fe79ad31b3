package harvest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/harvest/report"
)

// counted ends a context at a read.
type counted struct {
	fstest.MapFS
	left int
	end  func()
	past int // reads after that
}

func (c *counted) count() {
	switch c.left--; {
	case c.left == 0:
		c.end()
	case c.left < 0:
		c.past++
	}
}

func (c *counted) Open(name string) (fs.File, error) { c.count(); return c.MapFS.Open(name) }

func (c *counted) Lstat(name string) (fs.FileInfo, error) { c.count(); return c.MapFS.Lstat(name) }

func (c *counted) ReadLink(name string) (string, error) { c.count(); return c.MapFS.ReadLink(name) }

func (c *counted) ReadDir(name string) ([]fs.DirEntry, error) {
	c.count()
	return c.MapFS.ReadDir(name)
}

// An interrupt ends a walk at the next name, wherever it is.
func TestInterrupted(t *testing.T) {
	for name, where := range map[string]string{"modules": inModules(""), "firmware": report.FirmwareDir + "/"} {
		tree := fstest.MapFS{inModules("kernel"): {Mode: fs.ModeDir | 0o755}}
		for i := range 1000 {
			tree[fmt.Sprintf("%sd/l%d.ko", where, i)] = link(fmt.Sprintf("l%d.ko", i+1))
		}
		ctx, cancel := context.WithCancel(t.Context())
		fsys := &counted{MapFS: tree, left: 40, end: cancel}
		_, err := Run(ctx, Options{Shim: fsys, Firmware: report.All}, t.TempDir())
		if !errors.Is(err, context.Canceled) || fsys.past > 0 {
			t.Errorf("%s: %v, %d reads after that", name, err, fsys.past)
		}
	}
}

// Links to links are followed so often and no more.
func TestChains(t *testing.T) {
	tree := fstest.MapFS{inModules("kernel"): {Mode: fs.ModeDir | 0o755}}
	for i := range 10_000 {
		tree[fmt.Sprintf("%s/l%d", report.FirmwareDir, i)] = link(fmt.Sprint("l", i+1))
	}
	_, _, err := harvestTo(t, Options{Shim: tree, Firmware: report.All})
	if !badinput.Is(err) || !strings.Contains(err.Error(), "links that lead to links") {
		t.Errorf("%v, want too many links", err)
	}
}
