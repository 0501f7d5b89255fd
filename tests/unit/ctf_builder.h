/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes small CTF 1.8 traces: metadata as text, streams of packets. */
#ifndef IRQPATH_TESTS_UNIT_CTF_BUILDER_H
#define IRQPATH_TESTS_UNIT_CTF_BUILDER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Times count ns from CTF_OFFSET_S seconds after 1970. */
enum { CTF_OFFSET_S = 1700000000, CTF_MAX_STREAM = 1 << 16 };

struct ctf_stream {
	uint8_t bytes[CTF_MAX_STREAM];
	size_t len, packet;	/* where the current packet begins */
	uint64_t discarded;
	uint32_t cpu;
};

static inline void ctf_put(struct ctf_stream *cs, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		cs->bytes[cs->len++] = value >> 8 * i;
}

static inline void ctf_text(struct ctf_stream *cs, const char *text)
{
	memcpy(cs->bytes + cs->len, text, strlen(text) + 1);
	cs->len += strlen(text) + 1;
}

static inline void ctf_begin(struct ctf_stream *cs, uint32_t stream_id, uint64_t begin, uint64_t end)
{
	cs->packet = cs->len;
	ctf_put(cs, 0xc1fc1fc1, 4);
	ctf_put(cs, stream_id, 4);
	ctf_put(cs, begin, 8);
	ctf_put(cs, end, 8);
	ctf_put(cs, 0, 8);	/* content and packet size in bits: see ctf_end() */
	ctf_put(cs, 0, 8);
	ctf_put(cs, cs->discarded, 8);
	ctf_put(cs, cs->cpu, 4);
}

static inline void ctf_event(struct ctf_stream *cs, uint32_t id, uint64_t time, int32_t tid)
{
	ctf_put(cs, id, 4);
	ctf_put(cs, time, 8);
	ctf_put(cs, (uint32_t)tid, 4);
}

static inline void ctf_end(struct ctf_stream *cs)
{
	size_t len = cs->len;
	uint64_t bits = (len - cs->packet) * 8;

	cs->len = cs->packet + 24;
	ctf_put(cs, bits, 8);
	ctf_put(cs, bits, 8);
	cs->len = len;
}

static inline void ctf_file(const char *dir, const char *name, const void *bytes, size_t len)
{
	char path[512];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	out = fopen(path, "w");
	if (!out || fwrite(bytes, 1, len, out) != len || fclose(out))
		abort();
}

/* env is put into the environment, events behind the stream: both as in a metadata file. */
static inline void ctf_metadata(const char *dir, const char *env, const char *events)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fprintf(out,
		"/* CTF 1.8 */\n"
		"typealias integer { size = 8; align = 8; signed = false; } := u8;\n"
		"typealias integer { size = 32; align = 8; signed = false; } := u32;\n"
		"typealias integer { size = 32; align = 8; signed = true; } := s32;\n"
		"typealias integer { size = 64; align = 8; signed = false; } := u64;\n"
		"trace { major = 1; minor = 8; byte_order = le; packet.header := struct { u32 magic; u32 stream_id; }; };\n"
		"env { %s };\n"
		"clock { name = \"monotonic\"; uuid = \"b6a3b3a0-0000-4000-8000-000000000001\"; freq = 1000000000; offset_s = %d;\n"
		"	absolute = true; };\n"
		"typealias integer { size = 64; align = 8; signed = false; map = clock.monotonic.value; } := stamp;\n"
		"stream { id = 0; packet.context := struct { stamp timestamp_begin; stamp timestamp_end; u64 content_size;\n"
		"	u64 packet_size; u64 events_discarded; u32 cpu_id; };\n"
		"	event.header := struct { u32 id; stamp timestamp; }; event.context := struct { s32 _vtid; }; };\n"
		"%s", env, CTF_OFFSET_S, events);
	fclose(out);
	ctf_file(dir, "metadata", text, len);
	free(text);
}

#endif
