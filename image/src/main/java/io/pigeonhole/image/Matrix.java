package io.pigeonhole.image;

/** Matrices of three rows and three columns. */
final class Matrix {
  private Matrix() {}

  static double[][] diagonal(double[] values) {
    return new double[][] {{values[0], 0, 0}, {0, values[1], 0}, {0, 0, values[2]}};
  }

  static double[] times(double[][] a, double[] vector) {
    double[] product = new double[3];
    for (int row = 0; row < 3; row++) {
      product[row] = a[row][0] * vector[0] + a[row][1] * vector[1] + a[row][2] * vector[2];
    }
    return product;
  }

  static double[][] times(double[][] a, double[][] b) {
    double[][] product = new double[3][3];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        for (int k = 0; k < 3; k++) {
          product[row][column] += a[row][k] * b[k][column];
        }
      }
    }
    return product;
  }

  static double determinant(double[][] a) {
    return a[0][0] * cofactor(a, 0, 0) + a[0][1] * cofactor(a, 0, 1) + a[0][2] * cofactor(a, 0, 2);
  }

  static double[][] inverse(double[][] a) {
    double determinant = determinant(a);
    double[][] inverse = new double[3][3];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        inverse[row][column] = cofactor(a, column, row) / determinant;
      }
    }
    return inverse;
  }

  private static double cofactor(double[][] a, int row, int column) {
    int up = (row + 1) % 3;
    int down = (row + 2) % 3;
    int left = (column + 1) % 3;
    int right = (column + 2) % 3;
    return a[up][left] * a[down][right] - a[up][right] * a[down][left];
  }
}
