/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: make_ctf DIR NR	a CTF trace of NR events in two streams: interrupts, and others in between as kernels have them */
#include "../unit/ctf_builder.h"

enum { PER_PACKET = 1000 };

/* Slow enough that no interrupt looks like a storm. */
#define SPACING_NS UINT64_C(100000)

static struct ctf_stream stream;

static void write_event(unsigned i, uint64_t time)
{
	ctf_event(&stream, i % 4, time, 42);
	switch (i % 4) {
	case 0:
		ctf_put(&stream, 24 + i / 4 % 8, 4);
		ctf_text(&stream, "eth0-rx-0");
		break;
	case 1:
		ctf_put(&stream, 24 + i / 4 % 8, 4);
		ctf_put(&stream, 1, 4);
		break;
	default:
		ctf_text(&stream, "swapper/0");
		ctf_put(&stream, i, 4);
	}
}

static void write_stream(const char *dir, unsigned cpu, unsigned nr)
{
	char path[512];
	FILE *out;

	snprintf(path, sizeof(path), "%s/channel0_%u", dir, cpu);
	out = fopen(path, "w");
	for (unsigned i = 0; out && i < nr; i += PER_PACKET) {
		unsigned end = nr - i < PER_PACKET ? nr : i + PER_PACKET;

		stream = (struct ctf_stream){ .cpu = cpu };
		ctf_begin(&stream, 0, i * SPACING_NS + cpu, (end - 1) * SPACING_NS + cpu);
		for (unsigned k = i; k < end; k++)
			write_event(k, k * SPACING_NS + cpu);
		ctf_end(&stream);
		fwrite(stream.bytes, 1, stream.len, out);
	}
	if (!out || fclose(out))
		abort();
}

int main(int argc, char **argv)
{
	unsigned nr = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	if (argc < 3)
		return 2;
	mkdir(argv[1], 0777);
	ctf_metadata(argv[1], "domain = \"kernel\"; kernel_release = \"6.1.0\";",
		     "event { name = \"irq_handler_entry\"; id = 0; stream_id = 0; fields := struct { s32 _irq; string _name; }; };\n"
		     "event { name = \"irq_handler_exit\"; id = 1; stream_id = 0; fields := struct { s32 _irq; s32 _ret; }; };\n"
		     "event { name = \"sched_switch\"; id = 2; stream_id = 0; fields := struct { string _prev_comm; s32 _prev_tid; }; };\n"
		     "event { name = \"sched_waking\"; id = 3; stream_id = 0; fields := struct { string _comm; s32 _tid; }; };\n");
	for (unsigned cpu = 0; cpu < 2; cpu++)
		write_stream(argv[1], cpu, nr / 2);
	return 0;
}
