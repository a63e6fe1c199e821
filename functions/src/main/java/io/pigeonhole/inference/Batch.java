package io.pigeonhole.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.pigeonhole.image.Pixels;
import io.pigeonhole.model.Input;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Images in the form that a network takes, side by side in one buffer, which goes to TensorFlow as
 * it is. Threads may add at the same time.
 */
public final class Batch {
  private static final int RGB = 3;

  private final Input input;
  private final int rowBytes;
  private final ByteBuffer buffer;
  private final AtomicInteger size = new AtomicInteger();

  Batch(Input input, int capacity) {
    this.input = input;
    this.rowBytes = rowBytes(input);
    this.buffer =
        ByteBuffer.allocateDirect(Math.multiplyExact(rowBytes, capacity))
            .order(ByteOrder.nativeOrder());
  }

  private Batch(Batch whole, int from, int to) {
    this.input = whole.input;
    this.rowBytes = whole.rowBytes;
    this.buffer =
        whole.buffer.slice(from * rowBytes, (to - from) * rowBytes).order(ByteOrder.nativeOrder());
    this.size.set(to - from);
  }

  /** Some of the images that were added, in the memory of this batch. */
  Batch part(int from, int to) {
    return new Batch(this, from, to);
  }

  /** The bytes of an image in the form that the network takes. */
  static int rowBytes(Input input) {
    return input.height() * input.width() * input.channels() * type(input).getNumOfBytes();
  }

  /** The height that images are brought to. */
  public int height() {
    return input.height();
  }

  /** The width that images are brought to. */
  public int width() {
    return input.width();
  }

  /**
   * Resizes an image into the next row.
   *
   * @return the row, which is its place in the answer
   */
  public int add(Pixels image) {
    int row = size.getAndIncrement();
    ByteBuffer target =
        buffer.slice(Math.multiplyExact(row, rowBytes), rowBytes).order(ByteOrder.nativeOrder());
    if (input.channels() == RGB && input.dtype() == Input.Dtype.UINT8) {
      input.resize().into(image, input.height(), input.width(), target);
    } else {
      convert(input.pixels(image), target);
    }
    return row;
  }

  /** How many images were added. */
  public int size() {
    return size.get();
  }

  /** The images as a tensor of the manager, named as the signature names it. */
  NDArray toArray(NDManager manager) {
    int images = size();
    Shape shape = new Shape(images, input.height(), input.width(), input.channels());
    ByteBuffer filled = buffer.slice(0, images * rowBytes).order(ByteOrder.nativeOrder());
    NDArray array = manager.create(filled, shape, type(input));
    array.setName(input.tensor());
    return array;
  }

  private static DataType type(Input input) {
    return input.dtype() == Input.Dtype.UINT8 ? DataType.UINT8 : DataType.FLOAT32;
  }

  private void convert(byte[] pixels, ByteBuffer target) {
    for (byte pixel : pixels) {
      if (input.dtype() == Input.Dtype.UINT8) {
        target.put(pixel);
      } else {
        target.putFloat((float) ((pixel & 0xff) * input.scale()));
      }
    }
  }
}
