"""Hears a stranger's recording and writes it anew: in a process of its own, confined.

`media/making.py` runs this file with the recording on its standard input and what kind of file it
is as its argument. Its answer is one line of JSON and then an MP3 of one channel, which every phone
plays from any point on. A bad recording ends nothing but this.
"""

import io
import json
import sys
from fractions import Fraction
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import av
import av.audio.resampler

from portal.core.confine import confine

MEMORY = 200_000_000
SECONDS = 8
RATE, BITS = 24_000, 32_000
FRAME = 1152
"""How many samples one frame of an MP3 holds."""
LONGEST, SHORTEST = 125, 0.3
"""Seconds. Two minutes, and what a phone needs to stop."""
CODECS = "opus,libopus,vorbis,aac,mp3,mp3float,amrnb,amrwb,alac,pcm_s16le,pcm_u8,pcm_f32le"


class Fault(Exception):
    """Why a recording is not taken; the words are values of `rules.Refusal`."""


def rewrite(data: bytes, container: str) -> tuple[bytes, float]:
    """Return the voice as an MP3 with nothing but sound in it, and how many seconds it lasts."""
    try:
        with av.open(
            io.BytesIO(data),
            "r",
            format=container,
            metadata_errors="ignore",
            options={"codec_whitelist": CODECS, "protocol_whitelist": "none"},
        ) as source:
            if source.streams.video or len(source.streams.audio) != 1:
                raise Fault("not-a-recording")
            return _write_anew(source)
    except (av.error.FFmpegError, ValueError, LookupError, ArithmeticError) as broken:
        raise Fault("not-a-recording") from broken
    except MemoryError as large:
        raise Fault("recording-too-long") from large


def _write_anew(source: av.container.InputContainer) -> tuple[bytes, float]:
    out, samples = io.BytesIO(), 0
    source.streams.audio[0].codec_context.thread_count = 1
    level = av.audio.resampler.AudioResampler("s16p", "mono", RATE, FRAME)
    with av.open(out, "w", format="mp3", options={"id3v2_version": "0"}) as target:
        voice = target.add_stream("libmp3lame", rate=RATE, layout="mono", bit_rate=BITS)
        voice.options = {"compression_level": "7"}  # a tenth of the time, for hardly a difference
        voice.codec_context.format = "s16p"
        voice.codec_context.flags |= av.codec.context.Flags.bitexact
        for frame in chain(source.decode(audio=0), (None,)):  # None: what is left over
            if frame is not None:
                frame.pts = None
            for piece in level.resample(frame):
                piece.pts, piece.time_base = samples, Fraction(1, RATE)
                samples += piece.samples
                if samples > LONGEST * RATE:
                    raise Fault("recording-too-long")
                target.mux(voice.encode(piece))
        target.mux(voice.encode(None))
    if samples < SHORTEST * RATE:
        raise Fault("recording-empty")
    return out.getvalue(), samples / RATE


def main() -> None:
    """Hear the recording that is handed in, and hand the new one out."""
    confine(memory=MEMORY, seconds=SECONDS, file_size=0)
    data = sys.stdin.buffer.read()
    written = b""
    told: dict[str, object]
    try:
        written, seconds = rewrite(data, sys.argv[1])
        told = {"seconds": seconds}
    except Fault as fault:
        told = {"fault": str(fault)}
    head = json.dumps({**told, "sizes": [len(written)]})
    sys.stdout.buffer.write(head.encode() + b"\n" + written)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
