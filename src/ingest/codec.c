/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/codec.h"

#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* What `xz -9` and `zstd --ultra -22` need, and some more; `zstd --long=28` and up needs more. */
enum { MAX_MEMORY_BYTES = 256 << 20, GZIP_ONLY = 16, STEP_MAX_BYTES = 1 << 30 };

struct codec {
	const struct codec_ops *ops;
	z_stream gzip;
	lzma_stream xz;
	ZSTD_DStream *zstd;
	bool between;	/* behind a member or frame, before the next */
};

struct codec_ops {
	const char *name;
	uint8_t magic[6];
	uint8_t mask[6];	/* which bits of the magic count */
	bool (*start)(struct codec *codec);
	void (*stop)(struct codec *codec);
	enum codec_status (*step)(struct codec *codec, struct codec_io *io);
};

/* ---- gzip, RFC 1952 ---- */

static bool gzip_start(struct codec *codec)
{
	return inflateInit2(&codec->gzip, MAX_WBITS + GZIP_ONLY) == Z_OK;
}

static void gzip_stop(struct codec *codec)
{
	inflateEnd(&codec->gzip);
}

/* Tapes are padded with zeros; anything else but a further member is none of gzip's. */
static enum codec_status gzip_between(struct codec *codec, struct codec_io *io)
{
	while (io->in_len && !*io->in) {
		io->in++;
		io->in_len--;
	}
	if (!io->in_len)
		return io->in_ends ? CODEC_END : CODEC_MORE;
	if (*io->in != 0x1f)
		return CODEC_TRAILER;
	codec->between = false;
	return inflateReset(&codec->gzip) == Z_OK ? CODEC_MORE : CODEC_DAMAGED;
}

static int gzip_inflate(struct codec *codec, struct codec_io *io)
{
	z_stream *s = &codec->gzip;
	int rc;

	s->next_in = (z_const Bytef *)io->in;
	s->avail_in = io->in_len < STEP_MAX_BYTES ? io->in_len : STEP_MAX_BYTES;
	s->next_out = io->out;
	s->avail_out = io->out_len < STEP_MAX_BYTES ? io->out_len : STEP_MAX_BYTES;
	rc = inflate(s, Z_NO_FLUSH);
	io->in_len -= s->next_in - io->in;
	io->in = s->next_in;
	io->out_len -= s->next_out - io->out;
	io->out = s->next_out;
	return rc;
}

static enum codec_status gzip_step(struct codec *codec, struct codec_io *io)
{
	size_t room = io->out_len;

	if (codec->between)
		return gzip_between(codec, io);
	switch (gzip_inflate(codec, io)) {
	case Z_STREAM_END:
		codec->between = true;
		return CODEC_MORE;
	case Z_OK:
	case Z_BUF_ERROR:
		return io->in_ends && !io->in_len && io->out_len == room && room ? CODEC_CUT : CODEC_MORE;
	case Z_MEM_ERROR:
		return CODEC_TOO_DEEP;
	default:
		return CODEC_DAMAGED;
	}
}

/* ---- xz ---- */

static bool xz_start(struct codec *codec)
{
	codec->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&codec->xz, MAX_MEMORY_BYTES, LZMA_CONCATENATED) == LZMA_OK;
}

static void xz_stop(struct codec *codec)
{
	lzma_end(&codec->xz);
}

static enum codec_status xz_step(struct codec *codec, struct codec_io *io)
{
	lzma_stream *s = &codec->xz;
	lzma_ret rc;

	s->next_in = io->in;
	s->avail_in = io->in_len;
	s->next_out = io->out;
	s->avail_out = io->out_len;
	rc = lzma_code(s, io->in_ends ? LZMA_FINISH : LZMA_RUN);
	io->in = s->next_in;
	io->in_len = s->avail_in;
	io->out = s->next_out;
	io->out_len = s->avail_out;
	switch (rc) {
	case LZMA_OK:
		return CODEC_MORE;
	case LZMA_STREAM_END:
		return CODEC_END;
	case LZMA_BUF_ERROR:
		return io->in_ends ? CODEC_CUT : CODEC_MORE;
	case LZMA_MEM_ERROR:
	case LZMA_MEMLIMIT_ERROR:
		return CODEC_TOO_DEEP;
	default:
		return CODEC_DAMAGED;
	}
}

/* ---- zstd, RFC 8878 ---- */

static bool zstd_start(struct codec *codec)
{
	codec->zstd = ZSTD_createDStream();
	return codec->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(codec->zstd, ZSTD_d_windowLogMax, 27));
}

static void zstd_stop(struct codec *codec)
{
	ZSTD_freeDStream(codec->zstd);
}

static enum codec_status zstd_error(const struct codec *codec, size_t rc)
{
	switch (ZSTD_getErrorCode(rc)) {
	case ZSTD_error_frameParameter_windowTooLarge:
	case ZSTD_error_memory_allocation:
		return CODEC_TOO_DEEP;
	case ZSTD_error_prefix_unknown:
		return codec->between ? CODEC_TRAILER : CODEC_DAMAGED;
	default:
		return CODEC_DAMAGED;
	}
}

static enum codec_status zstd_step(struct codec *codec, struct codec_io *io)
{
	ZSTD_inBuffer in = { io->in, io->in_len, 0 };
	ZSTD_outBuffer out = { io->out, io->out_len, 0 };
	size_t rc;

	if (codec->between && io->in_ends && !io->in_len)
		return CODEC_END;
	rc = ZSTD_decompressStream(codec->zstd, &out, &in);
	io->in += in.pos;
	io->in_len -= in.pos;
	io->out += out.pos;
	io->out_len -= out.pos;
	if (ZSTD_isError(rc))
		return zstd_error(codec, rc);
	codec->between = rc == 0 || (codec->between && !in.pos);
	return !codec->between && io->in_ends && !io->in_len && !out.pos && out.size ? CODEC_CUT : CODEC_MORE;
}

static const struct codec_ops codecs[] = {
	{ "gzip", { 0x1f, 0x8b, 8 }, { 0xff, 0xff, 0xff }, gzip_start, gzip_stop, gzip_step },
	{ "xz", { 0xfd, '7', 'z', 'X', 'Z', 0 }, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, xz_start, xz_stop, xz_step },
	{ "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, { 0xff, 0xff, 0xff, 0xff }, zstd_start, zstd_stop, zstd_step },
	/* A frame that is to be skipped, as parallel compressors put in front. */
	{ "zstd", { 0x50, 0x2a, 0x4d, 0x18 }, { 0xf0, 0xff, 0xff, 0xff }, zstd_start, zstd_stop, zstd_step },
};

static bool has_magic(const struct codec_ops *ops, const uint8_t *head)
{
	for (size_t i = 0; i < sizeof(ops->magic); i++)
		if ((head[i] ^ ops->magic[i]) & ops->mask[i])
			return false;
	return true;
}

const struct codec_ops *codec_find(const uint8_t *head, size_t len)
{
	if (len < sizeof(codecs->magic))
		return NULL;
	for (size_t i = 0; i < sizeof(codecs) / sizeof(*codecs); i++)
		if (has_magic(&codecs[i], head))
			return &codecs[i];
	return NULL;
}

const char *codec_name(const struct codec_ops *ops)
{
	return ops->name;
}

struct codec *codec_new(const struct codec_ops *ops)
{
	struct codec *codec = calloc(1, sizeof(*codec));

	if (!codec)
		return NULL;
	codec->ops = ops;
	if (ops->start(codec))
		return codec;
	codec_free(codec);
	return NULL;
}

void codec_free(struct codec *codec)
{
	if (!codec)
		return;
	codec->ops->stop(codec);
	free(codec);
}

enum codec_status codec_step(struct codec *codec, struct codec_io *io)
{
	return codec->ops->step(codec, io);
}
