package io.pigeonhole.image;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * The process in which libheif runs: what breaks there ends this process, and no other. It answers
 * one request after the other on its standard input, until that ends.
 */
final class HeifWorker {
  private final LibHeif heif;
  private final DataInputStream in;
  private final DataOutputStream out;

  private HeifWorker(LibHeif heif, DataInputStream in, DataOutputStream out) {
    this.heif = heif;
    this.in = in;
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out, 1 << 16));
    boolean there = LibHeif.ofSystem().isPresent();
    out.writeBoolean(there);
    out.flush();
    if (there) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
      new HeifWorker(LibHeif.ofSystem().get(), in, out).answerAll();
    }
  }

  private void answerAll() throws IOException {
    while (true) {
      try {
        answer(in.readUTF(), in.readInt(), in.readBoolean(), in.readNBytes(in.readInt()));
      } catch (EOFException e) {
        return;
      }
      out.flush();
    }
  }

  private void answer(String format, int maxSide, boolean pixels, byte[] bytes) throws IOException {
    try (HeifImage image = HeifImage.open(heif, new FileBytes(format, bytes), maxSide)) {
      if (pixels) {
        image.writePixels(out);
      } else {
        image.writeHeader(out);
      }
    } catch (UndecodableImageException e) {
      out.writeUTF(e.error().name());
      out.writeUTF(String.valueOf(e.getMessage()));
    }
  }
}
