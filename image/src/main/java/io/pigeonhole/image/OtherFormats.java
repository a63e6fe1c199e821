package io.pigeonhole.image;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Knows image formats that are not decoded, so that they can be called by their names. */
final class OtherFormats {
  /** What a file of a format has at a place. */
  private record Signature(int offset, String text, String name) {}

  private static final List<Signature> SIGNATURES =
      List.of(
          new Signature(0, "8BPS", "PSD"),
          new Signature(0, "\0\0\2\0\0\0\0\0", "TGA"),
          new Signature(0, "\0\0\12\0\0\0\0\0", "TGA"),
          new Signature(0, "\0\0\1\0", "ICO"),
          new Signature(0, "\0\0\2\0", "CUR"),
          new Signature(0, "icns", "ICNS"),
          new Signature(4, "jP  ", "JPEG 2000"),
          new Signature(0, "\u00ffO\u00ffQ", "JPEG 2000"),
          new Signature(4, "JXL ", "JPEG XL"),
          new Signature(0, "\u00ff\n", "JPEG XL"),
          new Signature(0, "II\u00bc", "JPEG XR"),
          new Signature(0, "\u008aMNG", "MNG"),
          new Signature(0, "\u008bJNG", "JNG"),
          new Signature(0, "v/1\u0001", "OpenEXR"),
          new Signature(0, "#?RADIANCE", "Radiance HDR"),
          new Signature(0, "#?RGBE", "Radiance HDR"),
          new Signature(0, "DDS ", "DDS"),
          new Signature(0, "\u00abKTX ", "KTX"),
          new Signature(0, "qoif", "QOI"),
          new Signature(0, "FLIF", "FLIF"),
          new Signature(0, "BPG\u00fb", "BPG"),
          new Signature(0, "\1\u00da\0", "SGI"),
          new Signature(0, "\1\u00da\1", "SGI"),
          new Signature(0, "Y\u00a6j\u0095", "Sun raster"),
          new Signature(0, "SDPX", "DPX"),
          new Signature(0, "XPDS", "DPX"),
          new Signature(0, "SIMPLE  =", "FITS"),
          new Signature(128, "DICM", "DICOM"),
          new Signature(0, "gimp xcf", "XCF"),
          new Signature(0, "AT&TFORM", "DjVu"),
          new Signature(8, "ILBM", "ILBM"),
          new Signature(8, "PBM ", "ILBM"),
          new Signature(0, "/* XPM */", "XPM"),
          new Signature(0, "\u00d7\u00cd\u00c6\u009a", "WMF"),
          new Signature(40, " EMF", "EMF"),
          new Signature(0, "FUJIFILMCCD-RAW", "RAF"),
          new Signature(0, "IIU\0", "RW2"),
          new Signature(0, "IIRO", "ORF"),
          new Signature(0, "IIRS", "ORF"),
          new Signature(0, "MMOR", "ORF"),
          new Signature(0, "FOVb", "X3F"),
          new Signature(6, "HEAPCCDR", "CRW"),
          new Signature(0, "\0MRM", "MRW"));

  private static final String TRUEVISION = "TRUEVISION-XFILE.\0";
  private static final int BEGINNING = 4096;
  private static final Pattern SVG =
      Pattern.compile(
          "\ufeff?+(\\s++|<\\?xml[^>]*+>|<!--.*?-->|<!DOCTYPE[^>\\[]*+(\\[[^\\]]*+\\])?+[^>]*+>)*+"
              + "<(\\w++:)?+svg[\\s/>]",
          Pattern.DOTALL);
  private static final Pattern NETPBM =
      Pattern.compile("P([1-7]\\s++(#[^\n]*+\n\\s*+)*+(\\d|WIDTH)|[Ff]\\s++\\d)");
  private static final Pattern XBM = Pattern.compile("#define \\S+_width \\d");

  private OtherFormats() {}

  /** The name of a file's format; empty if it is none of these. */
  static String nameOf(FileBytes file) {
    for (Signature signature : SIGNATURES) {
      if (file.has(signature.offset(), signature.text())) {
        return signature.name();
      }
    }
    String latin = beginning(file, StandardCharsets.ISO_8859_1);
    if (file.has(4, "ftyp")) {
      return HeifBrands.formatOf(file);
    } else if (SVG.matcher(text(file)).lookingAt()) {
      return "SVG";
    } else if (NETPBM.matcher(latin).lookingAt()) {
      return "Netpbm";
    } else if (XBM.matcher(latin).lookingAt()) {
      return "XBM";
    } else if (file.has(file.length() - TRUEVISION.length(), TRUEVISION)) {
      return "TGA";
    }
    return isPcx(file) ? "PCX" : "";
  }

  private static String text(FileBytes file) {
    boolean wide = file.has(0, "\u00ff\u00fe") || file.has(0, "\u00fe\u00ff");
    return beginning(file, wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
  }

  private static String beginning(FileBytes file, Charset charset) {
    return new String(file.bytes(), 0, Math.min(BEGINNING, file.length()), charset);
  }

  /** ZSoft's manual: a maker, a version, run lengths, and bits of a plane. */
  private static boolean isPcx(FileBytes file) {
    byte[] bytes = file.bytes();
    return file.length() > 128
        && bytes[0] == 10
        && bytes[1] >= 0
        && bytes[1] <= 5
        && bytes[2] == 1
        && (bytes[3] == 1 || bytes[3] == 2 || bytes[3] == 4 || bytes[3] == 8);
  }
}
