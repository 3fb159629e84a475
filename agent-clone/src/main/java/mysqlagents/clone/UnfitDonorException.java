package mysqlagents.clone;

/// A donor whose backups this pod cannot use, today or tomorrow. Other donors may be of another
/// version while a set is being upgraded.
final class UnfitDonorException extends DonorException {
  private static final long serialVersionUID = 1;

  UnfitDonorException(String problem, String remedy) {
    super(problem, remedy);
  }
}
