package io.pigeonhole.trainer.recipe;

/** How gradients become steps. */
public sealed interface Optimiser {

  /** Peak rate, in the optimiser's own unit. */
  double learningRate();

  /**
   * Stochastic gradient descent with Nesterov momentum, as Keras and PyTorch parametrise it.
   *
   * @param learningRate peak rate of a step
   * @param momentum of the gradient, 0 to 1
   * @param weightDecay part of a kernel's weights that a step takes away, times the rate
   */
  record Sgd(double learningRate, double momentum, double weightDecay) implements Optimiser {}

  /**
   * Stochastic gradient descent with Nesterov momentum. The parametrisation is decoupled: a change
   * of batch size, momentum or learning rate leaves the meaning of the others as it is (K. Jordan,
   * "94% on CIFAR-10 in 3.29 seconds", arXiv:2404.00498).
   *
   * @param learningRate peak rate per 1,024 images, for the whole momentum series
   * @param momentum of the gradient, 0 to 1
   * @param weightDecay per 1,024 images, for the whole momentum series, at the peak rate
   * @param biasRate factor on the rate of the biases of normalised rows
   */
  record ScaledSgd(double learningRate, double momentum, double weightDecay, double biasRate)
      implements Optimiser {

    /** Rate of one step over the mean gradient of {@code batch} images. */
    public double stepRate(int batch) {
      return learningRate * batch / (1024 * (1 + 1 / (1 - momentum)));
    }

    /** Factor on a weight that is added to its gradient. */
    public double decayPerRate() {
      return weightDecay / learningRate;
    }
  }

  /**
   * Momentum whose steps are orthogonalised, for the kernels of convolutions (K. Jordan et al., <a
   * href="https://kellerjordan.github.io/posts/muon/">Muon</a>). Every direction in which a kernel
   * can change gets the same rate; the kernels keep their norm, so they need no decay.
   *
   * @param learningRate peak angle of a step, in radians
   * @param momentum of the gradient, 0 to 1
   * @param rest steps of everything else
   */
  record Muon(double learningRate, double momentum, ScaledSgd rest) implements Optimiser {}

  /**
   * Adam (D. Kingma, J. Ba, arXiv:1412.6980), with decoupled weight decay (I. Loshchilov, F.
   * Hutter, arXiv:1711.05101) AdamW.
   *
   * @param learningRate peak rate of a step
   * @param beta1 part of the mean of the gradient that a step keeps
   * @param beta2 part of the mean of its square that a step keeps
   * @param epsilon added to the root of that mean
   * @param weightDecay part of a kernel's weights that a step takes away, times the rate
   */
  record Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
      implements Optimiser {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-7;

    /** With Keras' defaults for everything but the rate. */
    public Adam(double learningRate) {
      this(learningRate, BETA1, BETA2, EPSILON, 0);
    }
  }
}
