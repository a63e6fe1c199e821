package io.pigeonhole.image;

/**
 * A camera's raw file that is a TIFF, such as CR2, NEF, ARW and DNG: not what its sensor saw is
 * decoded, but the largest JPEG that the camera put beside it.
 *
 * @param preview the JPEG
 * @param orientation as the raw file says, which the preview need not
 */
record RawFile(JpegFile preview, Orientation orientation) implements ImageFile {
  private static final int MAX_TRIES = 4;

  static boolean isRaw(FileBytes file) {
    return (file.has(0, "II*\0") || file.has(0, "MM\0*"))
        && (file.has(8, "CR") || RawDirectories.read(file).hasSensor());
  }

  static RawFile read(byte[] bytes, ImageLimits limits) throws UndecodableImageException {
    FileBytes file = new FileBytes("camera's raw file", bytes);
    RawDirectories directories = RawDirectories.read(file);
    for (RawDirectories.Part part : directories.largestJpegs(MAX_TRIES)) {
      try {
        JpegFile jpeg = JpegFile.read(file.slice(part.at(), part.length()).bytes(), limits);
        return new RawFile(jpeg, directories.orientation().orElse(jpeg.orientation()));
      } catch (UndecodableImageException e) {
        // what the sensor saw may be a JPEG, too, of a kind that is not decoded
      }
    }
    throw file.unsupported("it has no JPEG preview that can be decoded in its place");
  }

  @Override
  public int width() {
    return preview.width();
  }

  @Override
  public int height() {
    return preview.height();
  }

  @Override
  public ColorConversion colors() {
    return preview.colors();
  }

  @Override
  public Memory memory(Wanted wanted) {
    Memory memory = preview.memory(wanted);
    long turned = 3L * width() * height();
    return new Memory(memory.heap() + turned + preview.file().length(), memory.outside());
  }

  @Override
  public Pixels decode(TensorFlowDecoder tensorFlow, Wanted wanted)
      throws UndecodableImageException {
    boolean all = wanted.equals(Wanted.ALL);
    if (!all && (width() < wanted.width() || height() < wanted.height())) {
      throw new FileBytes("camera's raw file", new byte[0])
          .unsupported(
              "its JPEG preview of %d x %d pixels is smaller than the %d x %d that are needed",
              width(), height(), wanted.width(), wanted.height());
    }
    return preview.decode(tensorFlow, wanted);
  }
}
