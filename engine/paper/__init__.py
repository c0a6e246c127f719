"""The paper PCA: procedures, directory and forms as A4 pages, for the day when nothing else answers."""
