package harvest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// depmod makes the indexes that modprobe needs, with kmod's own program.
func (h *harvester) depmod(ctx context.Context, release string, modules int) error {
	program, err := exec.LookPath("depmod")
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("depmod: not found in PATH; it is part of kmod, often in /sbin")
	}
	if err != nil {
		return err
	}
	// -C: nothing of this machine's depmod.d.
	cmd := exec.CommandContext(ctx, program, "-C", os.DevNull, "-b", h.dir, release)
	cmd.Env = []string{"LC_ALL=C"}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	h.Log("%s", cmd)
	err = cmd.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	text := strings.TrimSpace(said.String())
	if err != nil {
		return fmt.Errorf("depmod: %w: %s", err, text)
	}
	if text != "" {
		h.Log("%s", text)
	}
	return h.checkDep("lib/modules/"+release+"/modules.dep", modules)
}

// checkDep wants modules in modules.dep: a depmod without a compression's
// library skips such modules in silence and succeeds. Ours are plain, but what
// it does not see, modprobe will not find.
func (h *harvester) checkDep(name string, modules int) error {
	info, err := h.out.root.Stat(name)
	if err != nil {
		return fmt.Errorf("depmod wrote no modules.dep: %w", err)
	}
	if modules > 0 && info.Size() == 0 {
		return fmt.Errorf("depmod: modules.dep is empty, with %d modules there", modules)
	}
	return nil
}
