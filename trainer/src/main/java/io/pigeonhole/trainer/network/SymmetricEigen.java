package io.pigeonhole.trainer.network;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations.
 *
 * @param values in no particular order
 * @param vectors orthonormal, as columns in the order of the values
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SymmetricEigen(double[] values, double[][] vectors) {

  private static final int MOST_SWEEPS = 100;
  private static final double ZERO = 1e-22;

  static SymmetricEigen of(double[][] symmetric) {
    int size = symmetric.length;
    double[][] matrix = new double[size][];
    double[][] vectors = new double[size][size];
    for (int i = 0; i < size; i++) {
      matrix[i] = symmetric[i].clone();
      vectors[i][i] = 1;
    }
    for (int sweep = 0; sweep < MOST_SWEEPS && offDiagonal(matrix) > ZERO; sweep++) {
      for (int p = 0; p < size; p++) {
        for (int q = p + 1; q < size; q++) {
          rotate(matrix, vectors, p, q);
        }
      }
    }
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = matrix[i][i];
    }
    return new SymmetricEigen(values, vectors);
  }

  private static double offDiagonal(double[][] matrix) {
    double sum = 0;
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < i; j++) {
        sum += matrix[i][j] * matrix[i][j];
      }
    }
    return sum;
  }

  /** Turns the axes p and q so that the entry (p, q) vanishes. */
  private static void rotate(double[][] a, double[][] vectors, int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double tan = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double cos = 1 / Math.sqrt(tan * tan + 1);
    double sin = tan * cos;
    for (double[] row : a) {
      turn(row, p, q, cos, sin);
    }
    for (int k = 0; k < a.length; k++) {
      double left = a[p][k];
      double right = a[q][k];
      a[p][k] = cos * left - sin * right;
      a[q][k] = sin * left + cos * right;
    }
    for (double[] row : vectors) {
      turn(row, p, q, cos, sin);
    }
  }

  private static void turn(double[] row, int p, int q, double cos, double sin) {
    double left = row[p];
    double right = row[q];
    row[p] = cos * left - sin * right;
    row[q] = sin * left + cos * right;
  }
}
