// The door for tests: one native method of the Java fixture, and the same as a C function.
#include <jni.h>

#include <cstring>

#include "driver/simulation.h"

extern "C" {

/// Executes a command of sim::Simulation and copies its answer, cut to size. Returns the length of the whole answer.
size_t tesseraSimCommand(const char* command, char* answer, size_t size) {
    std::string text = sim::simulation().command(command);
    if (size > 0) {
        std::strncpy(answer, text.c_str(), size - 1);
        answer[size - 1] = '\0';
    }
    return text.size();
}

JNIEXPORT jstring JNICALL Java_dev_tessera_sim_SimulatedDevice_command(JNIEnv* env, jclass, jstring line) {
    const char* text = env->GetStringUTFChars(line, nullptr);
    std::string answer = sim::simulation().command(text);
    env->ReleaseStringUTFChars(line, text);
    return env->NewStringUTF(answer.c_str());
}

}  // extern "C"
