/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CTF: a stream of any bytes under sound metadata, or metadata of any text. The library has assertions that such input
 * meets: each is read in a process of its own, whose death must be noticed, and what it sends must be sound.
 */
#include "unit/ctf_builder.h"
#include "unit/ingest_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char events[] =
		"event { name = \"irq_handler_entry\"; id = 0; stream_id = 0; fields := struct { s32 _irq; string _name; }; };\n"
		"event { name = \"qemu:ioapic_set_irq\"; id = 1; stream_id = 0; fields := struct { s32 _vector; s32 _level; }; };\n";
	char dir[] = "/tmp/irqpath-fuzz-ctf.XXXXXX", command[64];
	struct ingest_options opt = { .hang_seconds = 5 };
	struct ingest_sink *is = is_new();
	bool complete;

	if (!mkdtemp(dir))
		abort();
	if (len > 2 && !memcmp(data, "/*", 2)) {
		ctf_file(dir, "metadata", data, len);
	} else {
		ctf_metadata(dir, "domain = \"kernel\";", events);
		ctf_file(dir, "stream", data, len);
	}
	complete = is_read(is, dir, &opt);
	for (unsigned i = 0; i < is->nr_events && i < IS_MAX_EVENTS; i++)
		if (!event_valid(&is->event[i]))
			abort();
	if (!complete && !is->nr_diags)
		abort();
	is_free(is);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command) ? -1 : 0;
}
