package dev.tessera.cuda.driver;

/**
 * What became of a library of NVIDIA.
 *
 * @param isLoaded whether it and JCuda's part over it are loaded
 * @param file where it is or was looked for; empty if it was not found
 * @param reason why it is not loaded; empty if it is
 * @param remedy what to do about that; empty if it is loaded
 */
record LibraryStatus(boolean isLoaded, String file, String reason, String remedy) {
    static LibraryStatus loaded(String file) {
        return new LibraryStatus(true, file, "", "");
    }

    static LibraryStatus failed(String file, String reason, String remedy) {
        return new LibraryStatus(false, file, reason, remedy);
    }

    String explanation() {
        return reason + "; " + remedy;
    }
}
