package image

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/gpt"
)

const alignment = 1 << 20

// Plan is an image whose every partition has its place. Close it in the end.
type Plan struct {
	Board      string      `json:"board,omitempty"`
	Size       int64       `json:"size"` // bytes
	GUID       string      `json:"guid"`
	Kernel     *Kernel     `json:"kernel,omitempty"`
	Partitions []Partition `json:"partitions"`

	sources *sources
	private bool
}

// Partition is one planned partition.
type Partition struct {
	gpt.Partition
	Content string `json:"content"`      // raw, vfat, ext2, ext4 or empty
	Bytes   int64  `json:"contentBytes"` // of files or raw data
	Free    int64  `json:"freeBytes"`    // left for more

	write func(ctx context.Context, out *output) error
}

// payload is a content whose size is known.
type payload struct {
	kind  string
	least int64 // smallest partition that holds it
	bytes int64 // of files or raw data
	// place fixes the partition's size and gives what is left over.
	place func(start, size int64) (free int64, err error)
	write func(ctx context.Context, out *output) error
}

// Options for NewPlan.
type Options struct {
	Time    time.Time // of all that has no time of its own
	MaxSize int64     // of the image, in bytes; 0: any
}

// NewPlan measures the contents and gives everything its place. Nothing is
// written; whatever cannot work is found here. A *compress.LimitError is an
// archive that unpacks to more than MaxSize, or than is sensible where that is 0.
func NewPlan(ctx context.Context, s *Spec, o Options) (*Plan, error) {
	p := &Plan{Board: s.Board, sources: newSources(ctx, o)}
	id := newIDs(s.Seed)
	p.GUID = id.guid("disk", "")
	if err := checkSpec(s); err != nil {
		return nil, err
	}
	// First, so that its memory is free again when the trees are read.
	p.Kernel = shimKernel(s)
	next := int64(alignment)
	for i := range s.Partitions {
		ps := &s.Partitions[i]
		part, err := p.partition(ps, id, i+1, next)
		if err != nil {
			p.sources.Close()
			return nil, fmt.Errorf("partition %d (%s): %w", i+1, ps.Name, err)
		}
		p.Partitions = append(p.Partitions, *part)
		next = align(part.Start + part.Size)
	}
	p.Size = align(next + gpt.TailSize)
	closed, err := readsPrivate(s)
	if err := errors.Join(err, p.check(s, o.MaxSize)); err != nil {
		p.sources.Close()
		return nil, err
	}
	p.private = p.private || closed
	return p, nil
}

func (p *Plan) check(s *Spec, maxSize int64) error {
	if maxSize != 0 && p.Size > maxSize {
		return badinput.New("image").Got("%d bytes", p.Size).Want("at most %d", maxSize).
			Fix("use a larger stick or leave something out")
	}
	return p.checkRoots(s)
}

// Close closes what the plan reads from.
func (p *Plan) Close() error { return p.sources.Close() }

func (p *Plan) partition(ps *PartitionSpec, id ids, number int, start int64) (*Partition, error) {
	want, err := parseSize(ps.Size)
	if err != nil {
		return nil, err
	}
	room, err := parseRoom(ps.Room)
	if err != nil {
		return nil, err
	}
	typ, err := partitionType(ps.Type)
	if err != nil {
		return nil, err
	}
	p.sources.fixed = align(want.bytes)
	if want.content {
		p.sources.fixed = 0
	}
	c, err := p.payload(ps, id)
	if err != nil {
		return nil, err
	}
	if err := checkMax(ps.MaxContent, c.bytes); err != nil {
		return nil, err
	}
	part := &Partition{
		Partition: gpt.Partition{
			Number: number, Name: ps.Name, Type: typ, GUID: id.guid("partition", ps.Name),
			Start: start, Size: align(want.apply(c.least + room)),
			Attributes: gpt.KernelAttributes(ps.Priority, ps.Tries, ps.Successful),
		},
		Content: c.kind, Bytes: c.bytes,
	}
	if least := c.least + room; part.Size < least {
		return nil, badinput.New("size").Got("%d bytes", part.Size).Want("at least %d, what the content takes", least).
			Fix("make the partition larger or the content smaller")
	}
	part.Free, err = c.place(start, part.Size-room)
	part.write = c.write
	return part, err
}

// parseRoom reads "32MiB"; "" is none.
func parseRoom(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	room, err := parseSize(text)
	if err != nil || room.content || room.bytes%alignment != 0 {
		return 0, badinput.New("room").Got("%q", text).Want(`a size in whole MiB such as "32MiB"`)
	}
	return room.bytes, nil
}

func checkMax(limit string, bytes int64) error {
	if limit == "" {
		return nil
	}
	most, err := parseSize(limit)
	if err != nil || most.content {
		return badinput.New("maxContent").Got("%q", limit).Want(`a size such as "640MiB"`)
	}
	if bytes > most.bytes {
		return badinput.New("content").Got("%d bytes of files", bytes).Want("at most %d, the partition's maxContent", most.bytes)
	}
	return nil
}

func align(n int64) int64 { return (n + alignment - 1) &^ (alignment - 1) }
