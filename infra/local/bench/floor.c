/*
 * The least that a classification can take: load TensorFlow's library, load the model from the
 * disk, run it once. Prints the most
 * probable class, the milliseconds of CPU, and the megabytes of memory at the peak.
 *
 *   gcc -O2 floor.c -o floor TENSORFLOW/libtensorflow_cc.so.2 TENSORFLOW/libtensorflow_framework.so.2 \
 *     -Wl,-rpath,TENSORFLOW && ./floor MODEL_FOLDER
 *
 * The few declarations are those of TensorFlow's C API (tensorflow/c/c_api.h).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

typedef struct TF_Status TF_Status;
typedef struct TF_Graph TF_Graph;
typedef struct TF_Session TF_Session;
typedef struct TF_SessionOptions TF_SessionOptions;
typedef struct TF_Tensor TF_Tensor;
typedef struct TF_Operation TF_Operation;
typedef struct TF_Buffer TF_Buffer;
typedef struct {
  TF_Operation *oper;
  int index;
} TF_Output;

enum { TF_UINT8 = 4, SIDE = 32 };

TF_Status *TF_NewStatus(void);
int TF_GetCode(const TF_Status *);
const char *TF_Message(const TF_Status *);
TF_Graph *TF_NewGraph(void);
TF_Operation *TF_GraphOperationByName(TF_Graph *, const char *);
TF_SessionOptions *TF_NewSessionOptions(void);
void TF_SetConfig(TF_SessionOptions *, const void *, size_t, TF_Status *);
TF_Session *TF_LoadSessionFromSavedModel(const TF_SessionOptions *, const TF_Buffer *, const char *,
                                         const char *const *, int, TF_Graph *, TF_Buffer *,
                                         TF_Status *);
TF_Tensor *TF_AllocateTensor(int, const int64_t *, int, size_t);
void *TF_TensorData(const TF_Tensor *);
size_t TF_TensorByteSize(const TF_Tensor *);
void TF_SessionRun(TF_Session *, const TF_Buffer *, const TF_Output *, TF_Tensor *const *, int,
                   const TF_Output *, TF_Tensor **, int, const TF_Operation *const *, int,
                   TF_Buffer *, TF_Status *);

static void require(const TF_Status *status) {
  if (TF_GetCode(status) != 0) {
    fprintf(stderr, "%s\n", TF_Message(status));
    exit(1);
  }
}

int main(int count, char **arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: floor MODEL_FOLDER [BYTE_OF_A_CONFIG_PROTO ...]\n");
    return 2;
  }
  TF_Status *status = TF_NewStatus();
  TF_Graph *graph = TF_NewGraph();
  TF_SessionOptions *options = TF_NewSessionOptions();
  /* ConfigProto: one thread within an operation (field 2), one between operations (field 5) */
  uint8_t config[256] = {0x10, 1, 0x28, 1};
  size_t size = 4;
  for (int i = 2; i < count && size < sizeof config; i++) {
    config[size++] = (uint8_t)strtol(arguments[i], NULL, 16);
  }
  TF_SetConfig(options, config, size, status);
  require(status);
  const char *tags[] = {"serve"};
  TF_Session *session =
      TF_LoadSessionFromSavedModel(options, NULL, arguments[1], tags, 1, graph, NULL, status);
  require(status);
  const int64_t shape[] = {1, SIDE, SIDE, 3};
  TF_Tensor *images = TF_AllocateTensor(TF_UINT8, shape, 4, SIDE * SIDE * 3);
  memset(TF_TensorData(images), 127, SIDE * SIDE * 3);
  TF_Output in = {TF_GraphOperationByName(graph, "images"), 0};
  TF_Output out = {TF_GraphOperationByName(graph, "probabilities"), 0};
  TF_Tensor *answer = NULL;
  TF_SessionRun(session, NULL, &in, &images, 1, &out, &answer, 1, NULL, 0, NULL, status);
  require(status);
  const float *row = TF_TensorData(answer);
  size_t best = 0;
  for (size_t i = 1; i < TF_TensorByteSize(answer) / sizeof *row; i++) {
    best = row[i] > row[best] ? i : best;
  }
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  double cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
               (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
  printf("%zu %f %ld\n", best, cpu, usage.ru_maxrss / 1024);
  fflush(stdout);
  _Exit(0); /* taking everything down again is nobody's start */
}
