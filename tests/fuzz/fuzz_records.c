/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A trace.dat whose headers are sound and whose records come from anywhere: the pages of one CPU, and of a second one
 * where the first byte is odd. Goes through libtracecmd, as the reader does, up to the printed text of the last record.
 */
#include <string.h>

#include "fuzz/fuzz_reader.h"
#include "unit/trace_builder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define FIELD(type, name, offset, size, sign) \
	"\tfield:" type " " name ";\toffset:" #offset ";\tsize:" #size ";\tsigned:" #sign ";\n"
#define COMMON \
	"format:\n" FIELD("unsigned short", "common_type", 0, 2, 0) FIELD("unsigned char", "common_flags", 2, 1, 0) \
	FIELD("unsigned char", "common_preempt_count", 3, 1, 0) FIELD("int", "common_pid", 4, 4, 1) "\n"
#define PROBE FIELD("unsigned long", "__probe_ip", 8, 8, 0)

static const char *const formats[] = {
	"irq", "name: irq_handler_entry\nID: 10\n" COMMON FIELD("int", "irq", 8, 4, 1)
		FIELD("__data_loc char[]", "name", 12, 4, 1) "\nprint fmt: \"irq=%d name=%s\", REC->irq, __get_str(name)\n",
	"irq", "name: irq_handler_exit\nID: 11\n" COMMON FIELD("int", "irq", 8, 4, 1) FIELD("int", "ret", 12, 4, 1)
		"\nprint fmt: \"irq=%d ret=%s\", REC->irq, REC->ret ? \"handled\" : \"unhandled\"\n",
	"irq_vectors", "name: vector_alloc\nID: 12\n" COMMON FIELD("unsigned int", "irq", 8, 4, 0)
		FIELD("unsigned int", "vector", 12, 4, 0) FIELD("bool", "reserved", 16, 1, 0) FIELD("int", "ret", 20, 4, 1)
		"\nprint fmt: \"irq=%u vector=%u reserved=%d ret=%d\", REC->irq, REC->vector, REC->reserved, REC->ret\n",
	"irqpath", "name: pci_msi_mask_irq\nID: 13\n" COMMON PROBE FIELD("u32", "irq", 16, 4, 0) FIELD("u32", "state", 20, 4, 0)
		FIELD("u8", "msix", 24, 1, 0) FIELD("u16", "idx", 25, 2, 0) FIELD("u32", "ctrl", 27, 4, 0)
		FIELD("__data_loc char[]", "dev", 31, 4, 1)
		"\nprint fmt: \"(%lx) irq=%u dev=\\\"%s\\\"\", REC->__probe_ip, REC->irq, __get_str(dev)\n",
	"raw", "name: dynamic\nID: 14\n" COMMON FIELD("__data_loc u8[]", "bytes", 8, 4, 0) FIELD("__data_loc u32[]", "words", 12, 4, 0)
		FIELD("char", "comm[16]", 16, 16, 1) FIELD("unsigned int", "flags", 32, 4, 0)
		"\nprint fmt: \"%s %s %s %s\", REC->comm, __print_hex(__get_dynamic_array(bytes), __get_dynamic_array_len(bytes)), "
		"__print_array(__get_dynamic_array(words), 4, 4), __print_flags(REC->flags, \"|\", { 1, \"a\" }, { 2, \"b\" })\n",
	"xen", "name: odd\nID: 15\n" COMMON FIELD("__rel_loc char[]", "text", 8, 4, 1) FIELD("void *", "ptr", 16, 8, 0)
		FIELD("unsigned char", "bits[8]", 24, 8, 0)
		"\nprint fmt: \"%s %pS %*pbl %s\", __get_rel_str(text), REC->ptr, 64, REC->bits, "
		"__print_symbolic(REC->bits[9], { 1, \"one\" })\n",
	NULL,
};

/* Headers of pages come with the data: stamp, commit word and all. */
static void fill(struct tb *tb, const uint8_t *data, size_t len)
{
	struct tb_buffer *buffer = &tb->buffer[0];
	unsigned nr_cpus = 1 + (data[0] & 1);

	buffer->nr_cpus = nr_cpus;
	for (unsigned i = 0; i < nr_cpus; i++)
		buffer->cpu[i].nr_pages = 0;
	data++;
	len--;
	for (unsigned p = 0; len && p < nr_cpus * TB_MAX_PAGES; p++) {
		struct tb_cpu *cpu = &buffer->cpu[p % nr_cpus];
		size_t n = len < TB_PAGE ? len : TB_PAGE;

		memset(cpu->page[cpu->nr_pages].bytes, 0, TB_PAGE);
		memcpy(cpu->page[cpu->nr_pages++].bytes, data, n);
		data += n;
		len -= n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct tb tb = { .formats = formats, .nr_buffers = 1, .buffer = { { .name = "" } } };

	if (len < 2)
		return 0;
	tb.kallsyms = "ffffffff81000000 T startup_64\nffffffff81001000 T pci_msi_mask_irq\n";
	tb.cmdlines = "1 init\n301 dd\n";
	fill(&tb, data, len);
	tb_write(&tb);
	return fuzz_reader(&trace_dat_reader, tb.bytes, tb.len);
}
