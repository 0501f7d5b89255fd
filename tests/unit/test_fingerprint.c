/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rules/fingerprint.h"
#include "rules/sha256.h"

static void digest_hex(const void *data, size_t len_bytes, char hex[2 * SHA256_BYTES + 1])
{
	uint8_t digest[SHA256_BYTES];

	sha256(data, len_bytes, digest);
	for (unsigned i = 0; i < SHA256_BYTES; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
}

/* FIPS 180-4's examples, and lengths around the padding's borders as coreutils' sha256sum has them. */
static void test_sha256(void **state)
{
	static const struct {
		const char *text;
		unsigned repeat;
		const char *hex;
	} vector[] = {
		{ "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
		{ "a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318" },
		{ "a", 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a" },
		{ "a", 63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34" },
		{ "a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb" },
		{ "a", 1000, "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3" },
	};
	char data[2048], hex[2 * SHA256_BYTES + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(vector) / sizeof(*vector); i++) {
		data[0] = 0;
		for (unsigned k = 0; k < vector[i].repeat; k++)
			strcat(data, vector[i].text);
		digest_hex(data, strlen(data), hex);
		assert_string_equal(hex, vector[i].hex);
	}
}

/* sha256sum of 1:1,16:msix-left-masked,4:host,15:0000:03:00.0[2],0:,0:, (without a line end). */
static void test_known_value(void **state)
{
	struct fingerprint fp;

	(void)state;
	assert_true(fingerprint_make(&fp, "msix-left-masked", "host", "0000:03:00.0[2]", NULL, ""));
	assert_string_equal(fp.hex, "8fb254219c4cfb23");
}

static void test_parts_count(void **state)
{
	struct fingerprint base, other;

	(void)state;
	fingerprint_make(&base, "r", "host", "0000:03:00.0", "kernel", "sig");
	fingerprint_make(&other, "r2", "host", "0000:03:00.0", "kernel", "sig");
	assert_string_not_equal(base.hex, other.hex);
	fingerprint_make(&other, "r", "xen", "0000:03:00.0", "kernel", "sig");
	assert_string_not_equal(base.hex, other.hex);
	fingerprint_make(&other, "r", "host", "0000:03:00.1", "kernel", "sig");
	assert_string_not_equal(base.hex, other.hex);
	fingerprint_make(&other, "r", "host", "0000:03:00.0", "device", "sig");
	assert_string_not_equal(base.hex, other.hex);
	/* The same letters, cut elsewhere. */
	fingerprint_make(&other, "r", "host", "0000:03:00.0", "kernels", "ig");
	assert_string_not_equal(base.hex, other.hex);
}

/* Which domain, or what a guest is called, changes from one capture to the next. */
static void test_machine_role(void **state)
{
	struct fingerprint a, b;

	(void)state;
	fingerprint_make(&a, "r", "d3", "gsi:23", NULL, NULL);
	fingerprint_make(&b, "r", "d17", "gsi:23", NULL, NULL);
	assert_string_equal(a.hex, b.hex);
	fingerprint_make(&b, "r", "dom0", "gsi:23", NULL, NULL);
	assert_string_not_equal(a.hex, b.hex);
	fingerprint_make(&a, "r", "guest", "gsi:23", NULL, NULL);
	fingerprint_make(&b, "r", "guest:web", "gsi:23", NULL, NULL);
	assert_string_equal(a.hex, b.hex);
}

static void test_id_digits(void **state)
{
	static const struct fingerprint fp[] = {
		{ "0011223344556677" }, { "aaaaaaaaaa000000" }, { "aaaaaaaaaab00000" }, { "aaaaaaaaaabc0000" },
		{ "ffffffff00000000" },
	};
	static const unsigned digits[] = { 8, 11, 12, 12, 8 };
	const struct fingerprint *fps[] = { &fp[0], &fp[1], &fp[2], &fp[3], &fp[4] };

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(fingerprint_id_digits(fps, 5, i), digits[i]);
	assert_int_equal(fingerprint_id_digits(fps, 1, 0), 8);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_known_value),
		cmocka_unit_test(test_parts_count),
		cmocka_unit_test(test_machine_role),
		cmocka_unit_test(test_id_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
