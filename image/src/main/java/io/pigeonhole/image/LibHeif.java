package io.pigeonhole.image;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Optional;

/**
 * The functions of <a href="https://github.com/strukturag/libheif">libheif</a> 1.12 and later that
 * are needed here, by their names in C.
 */
interface LibHeif extends Library {
  int COLORSPACE_RGB = 1;
  int CHROMA_INTERLEAVED_RGB = 10;
  int CHROMA_INTERLEAVED_RGBA = 11;
  int CHANNEL_INTERLEAVED = 10;
  int PROFILE_NCLX = 'n' << 24 | 'c' << 16 | 'l' << 8 | 'x';

  /** What every function that can fail returns. */
  @Structure.FieldOrder({"code", "subcode", "message"})
  class HeifError extends Structure implements Structure.ByValue {
    public int code;
    public int subcode;
    public String message;
  }

  Pointer heif_context_alloc();

  void heif_context_free(Pointer context);

  void heif_context_set_maximum_image_size_limit(Pointer context, int side);

  void heif_context_set_max_decoding_threads(Pointer context, int threads);

  HeifError heif_context_read_from_memory_without_copy(
      Pointer context, Pointer bytes, SizeT length, Pointer options);

  HeifError heif_context_get_primary_image_handle(Pointer context, PointerByReference handle);

  void heif_image_handle_release(Pointer handle);

  int heif_image_handle_get_width(Pointer handle);

  int heif_image_handle_get_height(Pointer handle);

  int heif_image_handle_get_ispe_width(Pointer handle);

  int heif_image_handle_get_ispe_height(Pointer handle);

  int heif_image_handle_get_luma_bits_per_pixel(Pointer handle);

  int heif_image_handle_has_alpha_channel(Pointer handle);

  int heif_image_handle_is_premultiplied_alpha(Pointer handle);

  int heif_image_handle_get_color_profile_type(Pointer handle);

  SizeT heif_image_handle_get_raw_color_profile_size(Pointer handle);

  HeifError heif_image_handle_get_raw_color_profile(Pointer handle, Pointer profile);

  HeifError heif_image_handle_get_nclx_color_profile(Pointer handle, PointerByReference profile);

  void heif_nclx_color_profile_free(Pointer profile);

  HeifError heif_decode_image(
      Pointer handle, PointerByReference image, int colorspace, int chroma, Pointer options);

  int heif_image_get_width(Pointer image, int channel);

  int heif_image_get_height(Pointer image, int channel);

  Pointer heif_image_get_plane_readonly(Pointer image, int channel, IntByReference stride);

  void heif_image_release(Pointer image);

  /** A {@code size_t}. */
  final class SizeT extends com.sun.jna.IntegerType {
    private static final long serialVersionUID = 1L;

    /** 0, as JNA makes what is returned. */
    public SizeT() {
      this(0);
    }

    SizeT(long value) {
      super(Native.SIZE_T_SIZE, value, true);
    }
  }

  /** The library of the system; empty if it has none. */
  static Optional<LibHeif> ofSystem() {
    return Loaded.LIBRARY;
  }

  /** Looked for once. */
  final class Loaded {
    private static final Optional<LibHeif> LIBRARY = load();

    private Loaded() {}

    private static Optional<LibHeif> load() {
      // what JNA unpacks needs a folder, which a user without a home has not
      if (System.getProperty("jna.tmpdir") == null) {
        System.setProperty("jna.tmpdir", System.getProperty("java.io.tmpdir"));
      }
      for (String name : new String[] {"libheif.so.1", "heif"}) {
        try {
          return Optional.of(Native.load(name, LibHeif.class));
        } catch (LinkageError e) {
          // under another name, or not at all
        }
      }
      return Optional.empty();
    }
  }
}
