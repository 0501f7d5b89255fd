/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A trace.dat from anywhere, without libtracecmd: its sections and every CPU's pages. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/ftrace/pages.h"
#include "ingest/ftrace/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void count_only(void *ctx, enum diag_code code, struct diag_pos pos, const char *text)
{
	(void)ctx;
	(void)code;
	(void)pos;
	(void)text;
}

static void read_cpu(const struct input *in, const struct walk *w, const struct walk_buffer *buffer, unsigned i)
{
	struct pages *pg = pages_new(in, w, buffer, &buffer->cpus[i], 0, 1 << 16);
	volatile uint8_t last = 0;
	struct page_record rec;
	enum pages_status status;

	while (pg && (status = pages_next(pg, &rec)) != PAGES_END && status != PAGES_NO_MEMORY) {
		if (status == PAGES_RECORD && rec.size)
			last = rec.data[rec.size - 1];
	}
	(void)last;
	pages_free(pg);
}

static void read_file(const struct input *in)
{
	static const char *const names[] = { "pci_msi_mask_irq", "irq_startup" };
	struct diag_sink diag = { .fn = count_only };
	struct walk w = { .version = 0 };
	uint32_t found;

	if (walk_file(&w, in, &diag)) {
		walk_symbols(&w, in, names, 2, &found);
		for (unsigned b = 0; b < w.nr_buffers; b++) {
			for (unsigned i = 0; !w.buffers[b].text && i < w.buffers[b].nr_cpus; i++)
				read_cpu(in, &w, &w.buffers[b], i);
		}
	} else if (!diag.count[DIAG_ERROR]) {
		abort();
	}
	walk_fini(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = { .path = "fuzz", .fd = memfd_create("fuzz", MFD_CLOEXEC), .size_bytes = len };

	if (in.fd < 0 || write(in.fd, data, len) != (ssize_t)len)
		abort();
	if (walk_probe(data, len))
		read_file(&in);
	close(in.fd);
	return 0;
}
