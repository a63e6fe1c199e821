package io.pigeonhole.image;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.DataOutputStream;
import java.io.IOException;

/** The primary image of a HEIF as libheif holds it, until it is closed. */
final class HeifImage implements AutoCloseable {
  private static final int UNSUPPORTED_FILETYPE = 3;
  private static final int UNSUPPORTED_FEATURE = 4;
  private static final int MEMORY = 6;
  private static final int NO_META_BOX = 104;

  private final LibHeif heif;
  private final FileBytes file;
  // libheif reads from it as long as the context lives
  private final Memory bytes;
  private final Pointer context;
  private Pointer handle;

  private HeifImage(LibHeif heif, FileBytes file) {
    this.heif = heif;
    this.file = file;
    this.bytes = new Memory(file.length());
    this.context = heif.heif_context_alloc();
  }

  /**
   * Reads all of a file but its pixels.
   *
   * @param maxSide larger images within the file are refused
   */
  static HeifImage open(LibHeif heif, FileBytes file, int maxSide)
      throws UndecodableImageException {
    HeifImage image = new HeifImage(heif, file);
    try {
      image.read(maxSide);
      return image;
    } catch (UndecodableImageException | RuntimeException e) {
      image.close();
      throw e;
    }
  }

  private void read(int maxSide) throws UndecodableImageException {
    bytes.write(0, file.bytes(), 0, file.length());
    heif.heif_context_set_maximum_image_size_limit(context, maxSide);
    // tiles one after the other, in the caller's thread
    heif.heif_context_set_max_decoding_threads(context, 0);
    requireOk(
        heif.heif_context_read_from_memory_without_copy(
            context, bytes, new LibHeif.SizeT(file.length()), null));
    PointerByReference primary = new PointerByReference();
    requireOk(heif.heif_context_get_primary_image_handle(context, primary));
    handle = primary.getValue();
  }

  /** Writes the sides, as shown and as stored, how deep samples are, and what colours they have. */
  void writeHeader(DataOutputStream out) throws IOException, UndecodableImageException {
    byte[] profile = profile();
    int[] codes = codes();
    out.writeUTF("");
    out.writeInt(heif.heif_image_handle_get_width(handle));
    out.writeInt(heif.heif_image_handle_get_height(handle));
    out.writeInt(heif.heif_image_handle_get_ispe_width(handle));
    out.writeInt(heif.heif_image_handle_get_ispe_height(handle));
    out.writeBoolean(heif.heif_image_handle_get_luma_bits_per_pixel(handle) != 8);
    out.writeInt(codes[0]);
    out.writeInt(codes[1]);
    out.writeInt(profile.length);
    out.write(profile);
  }

  /** The ICC profile; empty if there is none, or it is larger than those that are read. */
  private byte[] profile() throws UndecodableImageException {
    int type = heif.heif_image_handle_get_color_profile_type(handle);
    long size = heif.heif_image_handle_get_raw_color_profile_size(handle).longValue();
    if (type == 0 || type == LibHeif.PROFILE_NCLX || size <= 0 || size > IccProfile.MAX_BYTES) {
      return new byte[0];
    }
    try (Memory profile = new Memory(size)) {
      requireOk(heif.heif_image_handle_get_raw_color_profile(handle, profile));
      return profile.getByteArray(0, (int) size);
    }
  }

  /** The codes of its primaries and its curve; 0 if there are none. */
  private int[] codes() throws UndecodableImageException {
    if (heif.heif_image_handle_get_color_profile_type(handle) != LibHeif.PROFILE_NCLX) {
      return new int[2];
    }
    PointerByReference profile = new PointerByReference();
    requireOk(heif.heif_image_handle_get_nclx_color_profile(handle, profile));
    try {
      // a byte for the version, and then enums
      return new int[] {profile.getValue().getInt(4), profile.getValue().getInt(8)};
    } finally {
      heif.heif_nclx_color_profile_free(profile.getValue());
    }
  }

  /** Decodes, and writes the rows of red, green and blue, with transparency over white. */
  void writePixels(DataOutputStream out) throws IOException, UndecodableImageException {
    boolean alpha = heif.heif_image_handle_has_alpha_channel(handle) != 0;
    int chroma = alpha ? LibHeif.CHROMA_INTERLEAVED_RGBA : LibHeif.CHROMA_INTERLEAVED_RGB;
    PointerByReference image = new PointerByReference();
    requireOk(heif.heif_decode_image(handle, image, LibHeif.COLORSPACE_RGB, chroma, null));
    try {
      writeRows(image.getValue(), alpha, out);
    } finally {
      heif.heif_image_release(image.getValue());
    }
  }

  private void writeRows(Pointer image, boolean alpha, DataOutputStream out)
      throws IOException, UndecodableImageException {
    IntByReference stride = new IntByReference();
    Pointer plane = heif.heif_image_get_plane_readonly(image, LibHeif.CHANNEL_INTERLEAVED, stride);
    int width = heif.heif_image_get_width(image, LibHeif.CHANNEL_INTERLEAVED);
    int height = heif.heif_image_get_height(image, LibHeif.CHANNEL_INTERLEAVED);
    if (plane == null
        || width != heif.heif_image_handle_get_width(handle)
        || height != heif.heif_image_handle_get_height(handle)) {
      throw file.corrupt("pixels of another size came out than it says");
    }
    boolean associated = heif.heif_image_handle_is_premultiplied_alpha(handle) != 0;
    byte[] row = new byte[width * (alpha ? 4 : 3)];
    out.writeUTF("");
    for (int y = 0; y < height; y++) {
      plane.read((long) stride.getValue() * y, row, 0, row.length);
      if (alpha) {
        White.layUnder(row, width, associated);
      }
      out.write(row, 0, 3 * width);
    }
  }

  private void requireOk(LibHeif.HeifError error) throws UndecodableImageException {
    String reason = "libheif says: " + error.message.strip();
    if (error.subcode == NO_META_BOX) {
      throw file.unsupported("it has no image of its own, but at most a sequence of them");
    }
    switch (error.code) {
      case 0 -> {}
      case UNSUPPORTED_FILETYPE, UNSUPPORTED_FEATURE ->
          throw file.unsupported(
              "%s; %s decode what libheif itself does not", reason, HeifFile.CODECS);
      case MEMORY -> throw new UndecodableImageException(ImageError.TOO_MANY_PIXELS, reason);
      default -> throw file.corrupt("%s", reason);
    }
  }

  @Override
  public void close() {
    if (handle != null) {
      heif.heif_image_handle_release(handle);
    }
    heif.heif_context_free(context);
    bytes.close();
  }
}
