"""Recordings as phones and browsers make them: a tone of so many seconds."""

import io

import av
import av.audio.resampler
import numpy

CODECS = {
    "webm": "libopus",
    "ogg": "libopus",
    "mp4": "aac",
    "mp3": "libmp3lame",
    "wav": "pcm_s16le",
}


def recording(seconds: float, form: str = "webm", *, rate: int = 48_000) -> bytes:
    """Return a tone as a file of this form."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as target:
        voice = target.add_stream(CODECS[form], rate=rate, layout="mono")
        target.start_encoding()
        count = round(seconds * rate)
        tone = numpy.sin(numpy.arange(count) * (2 * numpy.pi * 440 / rate)) * 8000
        frame = av.AudioFrame.from_ndarray(tone.astype("int16").reshape(1, -1), "s16", "mono")
        frame.sample_rate = rate
        size = voice.codec_context.frame_size or 960
        kind = voice.codec_context.format.name
        level = av.audio.resampler.AudioResampler(kind, "mono", rate, size)
        for one in (frame, None) if count else ():
            for piece in level.resample(one):
                target.mux(voice.encode(piece))
        target.mux(voice.encode(None))
    return out.getvalue()


def film(seconds: float, form: str = "webm") -> bytes:
    """Return a film: pictures, and nothing to hear."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as target:
        stream = target.add_stream("libvpx" if form == "webm" else "mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(round(10 * seconds)):
            black = numpy.zeros((48, 64, 3), "uint8")
            target.mux(stream.encode(av.VideoFrame.from_ndarray(black, "rgb24")))
        target.mux(stream.encode(None))
    return out.getvalue()
