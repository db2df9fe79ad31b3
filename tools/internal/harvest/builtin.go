package harvest

import (
	"errors"
	"io/fs"
	"iter"
	"path"
	"strconv"
	"strings"

	"shimboot/tools/internal/harvest/report"
)

// quoted is a piece of input as messages have it.
func quoted(b []byte) string { return strconv.QuoteToASCII(string(b)) }

// builtIn keeps the lists that Kbuild made and reads what the drivers inside
// the kernel ask for. Kernels before 5.2 have no modules.builtin.modinfo.
func (h *harvester) builtIn(t *moduleTree, requests *requests) error {
	list, _, err := h.keepList(t, "modules.builtin")
	if err != nil {
		return err
	}
	for line := range entries(list) {
		h.report.BuiltIn = append(h.report.BuiltIn, line)
		if err := requests.module(report.ModuleName(line), nil); err != nil {
			return err
		}
	}
	info, ok, err := h.keepList(t, "modules.builtin.modinfo")
	if err != nil {
		return err
	}
	h.report.BuiltInFirmwareKnown = ok
	for entry := range strings.SplitSeq(info, "\x00") {
		key, value, _ := strings.Cut(entry, "=")
		if name, ok := strings.CutSuffix(key, ".firmware"); ok {
			if err := requests.module(name, []string{value}); err != nil {
				return err
			}
		}
	}
	if _, _, err := h.keepList(t, "modules.builtin.ranges"); err != nil {
		return err
	}
	return h.order(t)
}

// entries are the lines of a list that are not blank, without the blanks around.
func entries(list string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(list) {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

// keepList copies a file of the release's directory, if there is one.
func (h *harvester) keepList(t *moduleTree, name string) (data string, ok bool, err error) {
	data, ok, err = t.readList(name)
	if err != nil || !ok {
		return "", false, err
	}
	return data, true, h.out.write(path.Join(t.dest, name), []byte(data))
}

func (t *moduleTree) readList(name string) (data string, ok bool, err error) {
	source, info, err := t.from.realpath(path.Join(t.dir, name))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	text, err := t.from.readText(source)
	return string(text), true, err
}

// order writes modules.order with the names of the plain modules. Those that
// it does not have are put at its end: depmod numbers them too, in the order in
// which the file system of this machine lists them.
func (h *harvester) order(t *moduleTree) error {
	old, _, err := t.readList("modules.order")
	if err != nil {
		return err
	}
	var b strings.Builder
	listed := map[string]bool{}
	for line := range entries(old) {
		if plain, _, ok := moduleName(line); ok {
			line = plain
		}
		listed[line] = true
		b.WriteString(line + "\n")
	}
	for _, m := range t.modules {
		if rel := strings.TrimPrefix(m.dest, t.dest+"/"); !listed[rel] {
			b.WriteString(rel + "\n")
		}
	}
	return h.out.write(t.dest+"/modules.order", []byte(b.String()))
}
